import { expect, test } from 'vitest'
import { createLull } from '../../../../src/core/health/lull.ts'

function scene() {
  const at = { now: 1_000_000, heard: 999_000 }
  const lull = createLull(
    () => at.now,
    () => at.heard,
  )
  return { at, lull }
}

test('looks that find nobody come 2 s after the first and then every 4 s', () => {
  const { at, lull } = scene()
  const pauses = Array.from({ length: 4 }, () => {
    const pause = lull.pauseMs()
    at.now += pause + 300
    lull.note(at.now - 300)
    return pause
  })
  expect(pauses).toEqual([0, 2_000, 4_000, 4_000])
  at.now += 1_000
  expect(lull.pauseMs()).toBe(3_000)
})

test.each([0, 10])('whoever is heard from ends it, be it in the same tick of a coarse clock (%s ms)', ms => {
  const { at, lull } = scene()
  lull.note(at.now)
  expect(lull.looks()).toBe(1)
  at.now += ms
  at.heard = at.now
  expect([lull.looks(), lull.pauseMs()]).toEqual([0, 0])
})

test('of those that look at the same time one counts, and none in whose time the asked server was heard from', () => {
  const { at, lull } = scene()
  const beganAt = at.now
  at.now += 600
  for (let n = 0; n < 64; n++) lull.note(beganAt)
  expect(lull.looks()).toBe(1)
  at.now += 2_000
  at.heard = at.now
  at.now += 300
  lull.note(at.heard + 1 / 1024)
  expect(lull.looks()).toBe(0)
})

test('a clock that is set back ends it too', () => {
  const { at, lull } = scene()
  lull.note(at.now)
  at.now -= 3_600_000
  at.heard = at.now - 1_000
  expect([lull.looks(), lull.pauseMs()]).toEqual([0, 0])
})
