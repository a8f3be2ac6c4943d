import { expect, test } from 'vitest'
import { createCalls } from '../../../sw/calls.ts'

test('an abort ends the call with its id alone', () => {
  const calls = createCalls()
  const one = calls.begin('one')
  const two = calls.begin('two')
  calls.abort('one')
  expect(one.aborted).toBe(true)
  expect(two.aborted).toBe(false)
})

test('an abort that overtakes its request is not lost', () => {
  const calls = createCalls()
  calls.abort('one')
  expect(calls.begin('one').aborted).toBe(true)
})

test('the oldest of more than a thousand are forgotten', () => {
  const calls = createCalls()
  const first = calls.begin('first')
  for (let n = 0; n < 1_000; n++) calls.begin(String(n))
  calls.abort('first')
  expect(first.aborted).toBe(false)
})
