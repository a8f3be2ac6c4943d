import { describe, expect, test } from 'vitest'
import { createSlots } from '../../../../src/core/health/slots.ts'
import { virtualClock } from '../../../support/virtual-clock.ts'
import { slot } from './bench.ts'

const A = 'https://a.example'
const B = 'https://b.example'

/** `count` requests open to A. */
function full(count: number, fast = false) {
  const clock = virtualClock()
  const slots = createSlots(6, clock.now)
  const open = Array.from({ length: count }, () => slot(fast))
  for (const one of open) slots.open(A, one)
  return { clock, slots, open }
}

test('the seventh request waits until one of six ends, and starts once', () => {
  const { clock, slots, open } = full(8)
  expect(open.map(({ starts }) => starts)).toEqual([1, 1, 1, 1, 1, 1, 0, 0])
  clock.run(500)
  slots.close(A, open[2]!)
  expect(open.map(({ starts }) => starts)).toEqual([1, 1, 1, 1, 1, 1, 1, 0])
  expect(open[6]!.startedAt).toBe(clock.now())
})

test('one origin’s queue holds up no other', () => {
  const { slots } = full(7)
  const other = slot()
  slots.open(B, other)
  expect(other.starts).toBe(1)
})

test('closing what is not open changes nothing', () => {
  const { slots, open } = full(7)
  slots.close(A, slot())
  slots.close(B, open[0]!)
  expect(open[6]!.starts).toBe(0)
})

test('what is late counts from its own start; what waits in line has no age', () => {
  const { clock, slots, open } = full(7)
  expect(slots.late(B, 0)).toBe(0)
  clock.run(700)
  expect([slots.late(A, 700), slots.late(A, 701)]).toEqual([6, 0])
  for (const one of open.slice(0, 6)) slots.close(A, one)
  expect(slots.late(A, 1)).toBe(0)
  clock.run(40)
  expect(slots.late(A, 40)).toBe(1)
})

describe('a probe may be waiting for us', () => {
  test('with six open requests, not with five', () => {
    expect(full(5).slots.jammed(A)).toBe(false)
    expect(full(6).slots.jammed(A)).toBe(true)
    expect(full(6).slots.jammed(B)).toBe(false)
  })

  test('but not when one of the six is of a kind known to be faster', () => {
    const { slots, open } = full(6)
    open[3]!.leavesRoom = () => true
    expect(slots.jammed(A)).toBe(false)
  })

  test('also when only the seventh, which has not left, is of a fast kind', () => {
    const { slots } = full(6)
    slots.open(A, slot(true))
    expect(slots.jammed(A)).toBe(true)
  })

  test('with six answers that stream, until one is over', () => {
    const { slots, open } = full(6)
    for (const one of open) one.streams = true
    expect(slots.jammed(A)).toBe(true)
    slots.close(A, open[3]!)
    expect(slots.jammed(A)).toBe(false)
  })

  test('a stream has no age', () => {
    const { clock, slots, open } = full(1)
    open[0]!.streams = true
    clock.run(5_000)
    expect(slots.late(A, 0)).toBe(0)
  })
})
