import { expect, test } from 'vitest'
import { createHeard } from '../../../sw/heard.ts'
import { createClock } from './fakes.ts'

test('an abort ends the call with its id alone', () => {
  const heard = createHeard(createClock())
  const one = heard.signal('one')
  const two = heard.signal('two')
  heard.abort('one')
  expect(one.aborted).toBe(true)
  expect(two.aborted).toBe(false)
})

test('an abort that overtakes its request is not lost', () => {
  const heard = createHeard(createClock())
  heard.abort('one')
  expect(heard.signal('one').aborted).toBe(true)
})

test('the oldest of more than a thousand are forgotten', () => {
  const heard = createHeard(createClock())
  const first = heard.signal('first')
  for (let n = 0; n < 1_000; n++) heard.signal(String(n))
  heard.abort('first')
  expect(first.aborted).toBe(false)
})

test('a page that goes on speaking is not forgotten', () => {
  const heard = createHeard(createClock())
  for (let n = 0; n < 3_000; n++) {
    if (n % 500 === 0) heard.note('page')
    heard.signal(String(n))
  }
  expect(heard.has('page')).toBe(true)
})

test('a call is new when its page says so, before or after it comes', async () => {
  const clock = createClock()
  const heard = createHeard(clock)
  heard.note('one')
  expect(heard.isNew('one')).toBe(true)
  const two = heard.isNew('two')
  await clock.pass(4_000)
  heard.note('two')
  expect(await two).toBe(true)
})

test('in the first moments of a life a call that nobody announces is an old one', async () => {
  const clock = createClock()
  const heard = createHeard(clock)
  const left = heard.isNew('left')
  await clock.pass(5_001)
  expect(await left).toBe(false)
  expect(heard.isNew('later')).toBe(true)
})
