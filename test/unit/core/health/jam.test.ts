import { expect, test } from 'vitest'
import { look } from '../../../../src/core/health/look.ts'
import { createSlots } from '../../../../src/core/health/slots.ts'
import { type VirtualClock, virtualClock } from '../../../support/virtual-clock.ts'
import { a, b, bench, c, d, slot } from './bench.ts'

function sixStreams(clock: VirtualClock) {
  const slots = createSlots(6, clock.now)
  for (let i = 0; i < 6; i++) {
    const stream = slot()
    slots.open('A', stream)
    stream.streams = true
  }
  return slots
}

test('a mirror whose probe waits behind six of our own requests is not blamed for its silence', () => {
  const parts = bench()
  const stamp = parts.witness.stamp()
  parts.clock.run(600)
  parts.script(b, 'hang')
  for (let i = 0; i < 6; i++) parts.slots.open(b.origin, slot())
  look({ ...parts, recheck() {} }, { peer: a, stamp, others: [b, c, d], long: false }, () => {})
  parts.clock.run(2_000)
  expect(parts.ejected).toEqual([])
})

test('six streams jam an origin, however late the seventh request is', () => {
  const clock = virtualClock()
  const slots = sixStreams(clock)
  slots.open('A', slot(true))
  clock.run(700)
  expect(slots.jammed('A')).toBe(true)
})
