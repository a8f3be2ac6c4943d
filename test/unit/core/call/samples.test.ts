import { describe, expect, test } from 'vitest'
import {
  addSample,
  isOverdue,
  type Kind,
  type Kinds,
  lookAfter,
  overtakeAfter,
  useKind,
} from '../../../../src/core/call/samples.ts'
import { defaults } from '../../../../src/core/options.ts'

const kindOfTimes = (...ms: number[]): Kind => ({ ms })
const times = (count: number, ms: number) => Array.from({ length: count }, () => ms)

describe('a look starts', () => {
  test.each([
    ['after 600 ms when nothing is known', kindOfTimes(), 600],
    ['after 600 ms with 19 samples, however slow', kindOfTimes(...times(19, 5_000)), 600],
    ['after three times the median of 20 samples', kindOfTimes(...times(11, 500), ...times(9, 5_000)), 1_500],
    ['after 2 s at the latest: it costs a probe or two', kindOfTimes(...times(20, 5_000)), 2_000],
    ['never before 600 ms', kindOfTimes(...times(40, 10)), 600],
    ['as if one outlier in 40 had not been', kindOfTimes(...times(39, 300), 30_000), 900],
  ])('%s', (_when, kind, ms) => {
    expect(lookAfter(kind, defaults)).toBe(ms)
  })

  test('at the latest after the try’s own limit', () => {
    expect(lookAfter(kindOfTimes(), { ...defaults, attemptTimeoutMs: 250 })).toBe(250)
    expect(lookAfter(kindOfTimes(...times(20, 5_000)), { ...defaults, attemptTimeoutMs: 4_000 })).toBe(4_000)
  })
})

describe('a read may be overtaken', () => {
  test.each([
    ['after 2 s when nothing is known', kindOfTimes(), 2_000],
    ['not before three times the one 30 s export seen', kindOfTimes(30_000), 90_000],
    ['after 2 s although one of three hung', kindOfTimes(10, 30_000, 12), 2_000],
    ['after 2 s although one of two hung', kindOfTimes(30_000, 12), 2_000],
    ['after three times the median of 19', kindOfTimes(...times(10, 1_000), ...times(9, 60_000)), 3_000],
    ['after three times the p90 of 20', kindOfTimes(...times(18, 10), 4_000, 4_000), 12_000],
  ])('%s', (_when, kind, ms) => {
    expect(overtakeAfter(kind, defaults)).toBe(ms)
  })
})

test('a request is overdue only by what 20 samples of its kind say', () => {
  expect(isOverdue(kindOfTimes(...times(20, 100)), 101, defaults)).toBe(true)
  expect(isOverdue(kindOfTimes(...times(20, 100)), 100, defaults)).toBe(false)
  expect(isOverdue(kindOfTimes(...times(19, 100)), 10_000, defaults)).toBe(false)
})

test('the last 40 samples are kept, whole and never below 0', () => {
  const kind = kindOfTimes()
  for (let i = 0; i < 45; i++) addSample(kind, i + 0.4)
  addSample(kind, -5)
  expect(kind.ms).toHaveLength(40)
  expect(kind.ms[0]).toBe(6)
  expect(kind.ms.at(-1)).toBe(0)
})

test('of more than 64 kinds the longest unused is forgotten', () => {
  const kinds: Kinds = new Map()
  const first = useKind(kinds, 'first')
  useKind(kinds, 'second')
  for (let i = 0; i < 62; i++) useKind(kinds, `${i}`)
  expect(useKind(kinds, 'first')).toBe(first)
  useKind(kinds, 'one more')
  expect(kinds.size).toBe(64)
  expect(kinds.has('first')).toBe(true)
  expect(kinds.has('second')).toBe(false)
})
