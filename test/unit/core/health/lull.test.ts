import { expect, test } from 'vitest'
import { createLull } from '../../../../src/core/health/lull.ts'

function scene() {
  const at = { now: 1_000_000, heard: 999_000 }
  const lull = createLull(
    () => at.now,
    () => at.heard,
  )
  /** A look that finds nobody, this long after the last one, if it is time for it. */
  const look = (afterMs: number) => {
    at.now += afterMs
    const looks = lull.looks()
    if (looks !== undefined) lull.note(at.now)
    return looks
  }
  return { at, lull, look }
}

test('looks that find nobody come 2, 4, 8 and then every 16 s', () => {
  const { look } = scene()
  expect([0, 1_999, 1, 3_999, 1, 8_000, 15_999, 1, 16_000].map(look)).toEqual([
    0,
    undefined,
    1,
    undefined,
    2,
    3,
    undefined,
    4,
    5,
  ])
})

test('whoever is heard from ends it', () => {
  const { at, lull, look } = scene()
  look(0)
  at.now += 10
  at.heard = at.now
  expect(look(1)).toBe(0)
  expect(lull.silent.size).toBe(0)
})

test('of those that look at the same time one counts, and none in whose time the asked server was heard from', () => {
  const { at, lull } = scene()
  const beganAt = at.now
  at.now += 600
  for (let n = 0; n < 64; n++) lull.note(beganAt)
  at.now += 2_000
  expect(lull.looks()).toBe(1)
  at.heard = at.now + 5
  const second = at.now
  at.now += 300
  lull.note(second)
  expect(lull.looks()).toBe(0)
})

test('a clock that is set back ends it too', () => {
  const { at, look } = scene()
  look(0)
  at.now -= 3_600_000
  at.heard = at.now - 1_000
  expect(look(0)).toBe(0)
})
