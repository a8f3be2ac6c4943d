import { expect, test } from 'vitest'
import { provesNothing } from '../../../../src/core/health/silence.ts'
import { a, bench, slot } from './bench.ts'

const silent = { answered: false, ms: 300, stamp: 0, reason: 'silent' }

test('silence is held against a server', () => {
  expect(provesNothing(bench(), a, silent)).toBe(false)
})

test('but not where the probe stands behind six of our own requests', () => {
  const parts = bench()
  for (let i = 0; i < 6; i++) parts.slots.open(a.origin, slot())
  expect(provesNothing(parts, a, silent)).toBe(true)
})

test('nor where the server was heard meanwhile', () => {
  const parts = bench()
  parts.fleet.heard(a.id, true, 5)
  parts.clock.run(299)
  expect(provesNothing(parts, a, silent)).toBe(true)
  parts.clock.run(1)
  expect(provesNothing(parts, a, silent)).toBe(false)
})

test.each(['refused', 'answered 503'])('what %s is no silence', reason => {
  const parts = bench()
  parts.fleet.heard(a.id, false, 5)
  for (let i = 0; i < 6; i++) parts.slots.open(a.origin, slot())
  expect(provesNothing(parts, a, { ...silent, reason })).toBe(false)
})
