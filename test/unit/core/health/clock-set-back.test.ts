import { expect, test } from 'vitest'
import { noteLostRace } from '../../../../src/core/health/ejection.ts'
import { readRecord } from '../../../../src/core/health/record.ts'
import { createWitnesses } from '../../../../src/core/health/witness.ts'
import { defaults } from '../../../../src/core/options.ts'
import { a, bench } from './bench.ts'

const HOUR_MS = 3_600_000

test('an answer to what was sent before the clock was set back is no witness for what is sent after', () => {
  let now = 1_700_000_000_000
  const witnesses = createWitnesses(() => now)
  const before = witnesses.stamp()
  now -= HOUR_MS
  witnesses.stamp()
  witnesses.answered('https://b.example', before)
  now += 60_000
  expect(witnesses.against('https://a.example', witnesses.stamp())).toBe(false)
})

test('a sign of life in the future is no recent one', () => {
  const { fleet, clock } = bench()
  fleet.of(a.id).heardAt = clock.now() + HOUR_MS
  expect(fleet.heardWithin(a.id, 150)).toBe(false)
})

test('races lost in the future do not count', () => {
  const now = 1_700_000_000_000
  const record = readRecord({ racesLost: [now + HOUR_MS] }, now, 900_000)
  expect(noteLostRace(record, now, defaults)).toBe(false)
})
