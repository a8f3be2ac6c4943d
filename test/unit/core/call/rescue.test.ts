import { expect, test } from 'vitest'
import { createRescue } from '../../../../src/core/call/rescue.ts'
import { defaults } from '../../../../src/core/options.ts'
import { virtualClock } from '../../../support/virtual-clock.ts'

/** A rescue that `count` requests have entered; `gone` names those let through, in order. */
function crowd(count: number) {
  const clock = virtualClock()
  const rescue = createRescue(defaults, clock)
  const gone: number[] = []
  for (let i = 0; i < count; i++) rescue.enter(() => gone.push(i))
  return { clock, rescue, gone }
}

test('eight go at once, in the order they came', () => {
  expect(crowd(30).gone).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
})

test('a good answer lets one follow and two more', () => {
  const { rescue, gone } = crowd(30)
  rescue.leave(true)
  expect(gone).toHaveLength(11)
  rescue.leave(true)
  expect(gone).toHaveLength(14)
})

test('a bad answer lets one follow and no more', () => {
  const { rescue, gone } = crowd(30)
  rescue.leave(false)
  expect(gone).toHaveLength(9)
})

test('a stuck rescue does not hold up the rest: eight more go each 600 ms', () => {
  const { clock, gone } = crowd(30)
  clock.run(599)
  expect(gone).toHaveLength(8)
  clock.run(1)
  expect(gone).toHaveLength(16)
  clock.run(1_200)
  expect(gone).toHaveLength(30)
})

test('while answers come, time lets nobody through', () => {
  const { clock, rescue, gone } = crowd(30)
  clock.run(300)
  rescue.leave(false)
  clock.run(300)
  expect(gone).toHaveLength(9)
  clock.run(600)
  expect(gone).toHaveLength(17)
})

test('after all have ended, the next crowd starts with eight again', () => {
  const { rescue, gone } = crowd(10)
  for (let i = 0; i < 10; i++) rescue.leave(true)
  for (let i = 0; i < 30; i++) rescue.enter(() => gone.push(i))
  expect(gone).toHaveLength(18)
})

test('one that is no longer wanted when its turn comes makes room for the next', () => {
  const { rescue, gone } = crowd(8)
  rescue.enter(() => rescue.leave(false))
  rescue.enter(() => gone.push(9))
  rescue.leave(false)
  expect(gone.at(-1)).toBe(9)
})
