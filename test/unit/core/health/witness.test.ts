import { expect, test } from 'vitest'
import { createWitnesses } from '../../../../src/core/health/witness.ts'
import { virtualClock } from '../../../support/virtual-clock.ts'

const [A, B] = ['https://a.example', 'https://b.example']

function scene() {
  const clock = virtualClock()
  return { clock, ...createWitnesses(clock.now) }
}

test('an answer of another origin to something sent later is a witness', () => {
  const { clock, stamp, answered, against } = scene()
  const blamed = stamp()
  clock.run(10)
  answered(B!, stamp())
  expect(against(A!, blamed)).toBe(true)
  expect(against('', blamed)).toBe(true)
})

test('an answer to something sent before is none, however late it comes', () => {
  const { clock, stamp, answered, against } = scene()
  const earlier = stamp()
  clock.run(1)
  const blamed = stamp()
  clock.run(5_000)
  answered(B!, earlier)
  expect(against(A!, blamed)).toBe(false)
  expect(against('', blamed)).toBe(false)
})

test('the blamed origin is no witness against itself, though it proves the network', () => {
  const { stamp, answered, against } = scene()
  const blamed = stamp()
  answered(A!, stamp())
  expect(against(A!, blamed)).toBe(false)
  expect(against(B!, blamed)).toBe(true)
  expect(against('', blamed)).toBe(true)
})

test('of two sends within one millisecond only the later is a witness for the earlier', () => {
  const { stamp, answered, against } = scene()
  const first = stamp()
  const second = stamp()
  answered(B!, second)
  expect(against(A!, first)).toBe(true)
  expect(against(A!, second)).toBe(false)
  expect([against('', first), against('', second)]).toEqual([true, false])
})

test('a thousand sends within one millisecond keep their order, and the clock catches up', () => {
  const { clock, stamp } = scene()
  const stamps = Array.from({ length: 1_000 }, stamp)
  expect(stamps.every((one, i) => i === 0 || one > stamps[i - 1]!)).toBe(true)
  clock.run(2)
  expect(stamp()).toBe(clock.now())
})

test('an older answer that comes later does not take a witness away', () => {
  const { stamp, answered, against } = scene()
  const older = stamp()
  const blamed = stamp()
  answered(B!, stamp())
  answered(B!, older)
  expect(against(A!, blamed)).toBe(true)
})

test('a clock set back by a minute at most does not turn the order round', () => {
  let now = 1_700_000_000_000
  const { stamp } = createWitnesses(() => now)
  const before = stamp()
  now -= 60_000
  expect(stamp()).toBeGreaterThan(before)
})

test('a clock set back by hours forgets the witnesses of before and counts anew', () => {
  let now = 1_700_000_000_000
  const { stamp, answered, against } = createWitnesses(() => now)
  answered(B!, stamp())
  now -= 7_200_000
  const blamed = stamp()
  expect(blamed).toBe(now)
  expect(against(A!, blamed)).toBe(false)
  now += 10
  answered(B!, stamp())
  expect(against(A!, blamed)).toBe(true)
})
