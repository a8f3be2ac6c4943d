import { describe, expect, test } from 'vitest'
import {
  eject,
  ejectionMs,
  mayEject,
  noteAnswer,
  noteLostRace,
  noteReturnProbe,
  putOff,
} from '../../../../src/core/health/ejection.ts'
import { type Cause, newRecord, type ServerRecord } from '../../../../src/core/health/record.ts'
import { defaults } from '../../../../src/core/options.ts'

const NOW = 1_700_000_000_000
const middle = () => 0.5

/** Servers named 0, 1, 2 … of which the first are out for these causes. */
function fleetOf(size: number, causes: readonly Cause[]): Map<string, ServerRecord> {
  const records = Array.from({ length: size }, (): [string, ServerRecord] => ['', newRecord()])
  for (const [i, cause] of causes.entries()) eject(records[i]![1], cause, NOW, middle, defaults)
  return new Map(records.map(([, record], i) => [`${i}`, record]))
}

describe('one more server may go out', () => {
  test.each<[servers: number, out: Cause[], cause: Cause, may: boolean]>([
    [1, [], 'dead', false],
    [2, [], 'dead', true],
    [2, ['dead'], 'dead', false],
    [4, ['dead', 'dead'], 'dead', true],
    [4, ['dead', 'slow', 'erring'], 'dead', false],
    [1, [], 'slow', false],
    [2, [], 'slow', true],
    [3, [], 'erring', true],
    [3, ['slow'], 'erring', false],
    [4, ['slow'], 'erring', true],
    [4, ['slow', 'erring'], 'slow', false],
    [5, ['slow', 'erring'], 'slow', false],
    [4, ['slow', 'erring'], 'dead', true],
    [4, ['dead', 'dead'], 'slow', true],
    [4, ['dead', 'dead', 'dead'], 'slow', false],
  ])('of %i with %j out, as %s: %s', (servers, out, cause, may) => {
    expect(mayEject(cause, `${servers - 1}`, fleetOf(servers, out))).toBe(may)
  })

  test('a server that is out already does not count against itself', () => {
    expect(mayEject('slow', '0', fleetOf(2, ['slow']))).toBe(true)
  })
})

describe('the time out', () => {
  test('doubles with each ejection up to a quarter of an hour', () => {
    const record = newRecord()
    const times = Array.from({ length: 8 }, () => {
      eject(record, 'dead', NOW, middle, defaults)
      return record.out!.until - NOW
    })
    expect(times).toEqual([30, 60, 120, 240, 480, 900, 900, 900].map(seconds => seconds * 1_000))
  })

  test('is scattered by half either way', () => {
    const record = { ...newRecord(), ejections: 1 }
    expect(ejectionMs(record, () => 0, defaults)).toBe(15_000)
    expect(ejectionMs(record, () => 0.999, defaults)).toBeCloseTo(44_970)
  })

  test('is forgiven one doubling for each clean ten minutes', () => {
    const record = { ...newRecord(), ejections: 5, ejectionsAt: NOW }
    eject(record, 'dead', NOW + 599_999, middle, defaults)
    expect(record.ejections).toBe(6)
    eject(record, 'dead', NOW + 599_999 + 1_200_000, middle, defaults)
    expect(record.ejections).toBe(5)
    eject(record, 'dead', NOW + 86_400_000, middle, defaults)
    expect(record.ejections).toBe(1)
  })

  test('does not shrink when the clock is set back', () => {
    const record = { ...newRecord(), ejections: 2, ejectionsAt: NOW }
    eject(record, 'dead', NOW - 86_400_000, middle, defaults)
    expect(record.ejections).toBe(3)
  })
})

test('an ejection clears suspicion, bettered answers and races lost', () => {
  const record: ServerRecord = { ...newRecord(), suspectAt: NOW, bettered: [1, 1], racesLost: [NOW] }
  eject(record, 'erring', NOW, middle, defaults)
  expect(record).toMatchObject({ bettered: [], racesLost: [], out: { cause: 'erring', since: NOW, goodProbes: 0 } })
  expect(record.suspectAt).toBeUndefined()
})

test('two of the last 20 answers bettered are too many, one is not, and a good one never is', () => {
  const record = newRecord()
  expect(noteAnswer(record, true, defaults)).toBe(false)
  expect(noteAnswer(record, false, defaults)).toBe(false)
  expect(noteAnswer(record, true, defaults)).toBe(true)
  expect(noteAnswer(record, false, defaults)).toBe(false)
})

test('a bettered answer is forgotten after twenty others', () => {
  const record = newRecord()
  noteAnswer(record, true, defaults)
  for (let i = 0; i < 19; i++) noteAnswer(record, false, defaults)
  expect(noteAnswer(record, true, defaults)).toBe(false)
})

test('two races lost within five minutes are one too many', () => {
  const record = newRecord()
  expect(noteLostRace(record, NOW, defaults)).toBe(false)
  expect(noteLostRace(record, NOW + 300_000, defaults)).toBe(false)
  expect(noteLostRace(record, NOW + 599_999, defaults)).toBe(true)
})

test('races lost by what may have been lost on the way together count as one', () => {
  const record = newRecord()
  expect(noteLostRace(record, NOW + 2_000, defaults, NOW)).toBe(false)
  expect(noteLostRace(record, NOW + 2_100, defaults, NOW + 100)).toBe(false)
  // It went out after the first of them was judged.
  expect(noteLostRace(record, NOW + 4_200, defaults, NOW + 2_150)).toBe(true)
})

test('one that cannot have been lost on the way counts for itself', () => {
  const record = newRecord()
  noteLostRace(record, NOW + 2_000, defaults, NOW)
  expect(noteLostRace(record, NOW + 2_000, defaults)).toBe(true)
})

test('a race lost before the clock was set back counts for nothing', () => {
  const record = newRecord()
  noteLostRace(record, NOW + 3_600_000, defaults)
  expect(noteLostRace(record, NOW + 2_000, defaults, NOW)).toBe(false)
  expect(noteLostRace(record, NOW + 4_200, defaults, NOW + 2_150)).toBe(true)
})

describe('on the way back', () => {
  function ejected(): ServerRecord {
    const record = newRecord()
    eject(record, 'dead', NOW, middle, defaults)
    return record
  }
  const back = NOW + 30_000
  /** Whether it is fit for a read after this probe. */
  function probe(record: ServerRecord, good: boolean, now: number): boolean {
    noteReturnProbe(record, good, now, middle, defaults)
    return (record.out?.goodProbes ?? 0) >= 2
  }

  test('two good probes are needed, ten to twenty seconds apart', () => {
    const record = ejected()
    expect(probe(record, true, back)).toBe(false)
    expect(record.out!.nextProbeAt).toBe(back + 15_000)
    expect(probe(record, true, back + 14_999)).toBe(false)
    expect(probe(record, true, back + 15_000)).toBe(true)
  })

  test('a probe before the time is over counts for nothing, good or bad', () => {
    const record = ejected()
    const before = structuredClone(record)
    probe(record, true, back - 1)
    probe(record, false, back - 1)
    expect(record).toEqual(before)
  })

  test('a bad probe puts it off for the same time again, and what was good before is lost', () => {
    const record = ejected()
    probe(record, true, back)
    expect(probe(record, false, back + 20_000)).toBe(false)
    const until = back + 50_000
    expect(record).toMatchObject({ ejections: 1, out: { since: NOW, until, goodProbes: 0, nextProbeAt: until } })
  })

  test('a server that is in service has no way back', () => {
    const record = newRecord()
    expect(probe(record, true, NOW)).toBe(false)
    putOff(record, NOW, middle, defaults)
    expect(record).toEqual(newRecord())
  })
})
