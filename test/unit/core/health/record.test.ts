import { describe, expect, test } from 'vitest'
import {
  newRecord,
  numberIn,
  numbersIn,
  readRecord,
  type ServerRecord,
  stateOf,
} from '../../../../src/core/health/record.ts'

const NOW = 1_700_000_000_000
const LONGEST = 900_000
const out = {
  cause: 'dead' as const,
  since: NOW - 1_000,
  until: NOW + 30_000,
  goodProbes: 1,
  nextProbeAt: NOW + 40_000,
}

describe('the state of a server', () => {
  test.each<[Partial<ServerRecord>, string]>([
    [{}, 'in-service'],
    [{ suspectAt: NOW }, 'suspect'],
    [{ suspectAt: NOW, backedOffUntil: NOW + 1 }, 'backed-off'],
    [{ backedOffUntil: NOW }, 'in-service'],
    [{ backedOffUntil: NOW + 1, out }, 'dead'],
    [{ out: { ...out, cause: 'slow' } }, 'slow'],
    [{ out: { ...out, until: NOW + 1 } }, 'dead'],
    [{ out: { ...out, until: NOW } }, 'returning'],
  ])('%o is %s', (fields, state) => {
    expect(stateOf({ ...newRecord(), ...fields }, NOW)).toBe(state)
  })
})

describe('a saved record', () => {
  test('is read back, its suspicion to be found out anew', () => {
    const saved: ServerRecord = {
      heardAt: NOW - 5,
      quickMs: 20,
      suspectAt: NOW - 4,
      ejections: 3,
      ejectionsAt: NOW - 1_000,
      backedOffUntil: NOW + 60_000,
      bettered: [0, 1],
      racesLost: [NOW - 9],
      out,
    }
    const { suspectAt, ...rest } = saved
    const expected = { ...rest, out: { ...out, nextProbeAt: out.until } }
    expect(suspectAt).toBeDefined()
    expect(readRecord(JSON.parse(JSON.stringify(saved)), NOW, LONGEST)).toEqual(expected)
  })

  test.each([
    [null],
    [undefined],
    ['garbage'],
    [[]],
    [7],
    [{ heardAt: '5', ejections: -1, ejectionsAt: Number.NaN, bettered: 'no', racesLost: {}, out: null }],
    [{ heardAt: Number.POSITIVE_INFINITY, out: 'dead', bettered: [null, 'x', -1] }],
    [{ out: { cause: 'bored', since: 0, until: NOW + 5 } }],
    [{ out: { cause: ['dead'], since: 0, until: NOW + 5 } }],
    [{ out: { cause: 'dead' } }],
  ])('%o counts as a new one', saved => {
    const read = readRecord(saved, NOW, LONGEST)
    expect(read).toMatchObject(newRecord())
    expect(stateOf(read, NOW)).toBe('in-service')
  })

  test('from before the clock was set back holds no moment in the future, and keeps nobody out for long', () => {
    const later = NOW + 86_400_000
    const saved = { heardAt: later, ejections: 1, ejectionsAt: later, backedOffUntil: later }
    const read = readRecord({ ...saved, out: { ...out, since: later, until: later + 30_000 } }, NOW, LONGEST)
    expect(read).toMatchObject({ heardAt: NOW, ejectionsAt: NOW })
    expect(stateOf(read, NOW)).toBe('in-service')
    const soon = readRecord({ out: { ...out, since: NOW + 5, until: NOW + 1_700_000 } }, NOW, LONGEST)
    expect(soon.out).toMatchObject({ since: NOW, until: NOW + 1_700_000 })
  })

  test('with a million ejections is one with 32, with a long past it keeps the last 40', () => {
    const many = Array.from({ length: 100 }, (_, i) => i)
    const read = readRecord({ ejections: 1_000_000, racesLost: many, bettered: many }, NOW, LONGEST)
    expect(read.ejections).toBe(32)
    expect(read.racesLost).toEqual(many.slice(60))
    expect(read.bettered).toHaveLength(40)
  })
})

test('no number, a negative or an endless one is 0, and left out of a list', () => {
  const values = [5, 0, 1.5, -1, Number.NaN, Number.POSITIVE_INFINITY, '5', null, undefined, {}]
  expect(values.map(numberIn)).toEqual([5, 0, 1.5, 0, 0, 0, 0, 0, 0, 0])
  expect(numbersIn(values)).toEqual([5, 0, 1.5])
  expect(numbersIn({ length: 1, 0: 5 })).toEqual([])
})
