import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEvents } from '../../support/events.ts'

test('everything happens at its time, in order, and what was called off does not', () => {
  const plan = fc.array(fc.record({ ms: fc.integer({ min: -5, max: 50 }), off: fc.boolean() }), { maxLength: 200 })
  fc.assert(
    fc.property(plan, entries => {
      const events = createEvents(0)
      const happened: [at: number, index: number][] = []
      const callOffs = entries.map(({ ms }, index) => events.after(ms, () => happened.push([events.now(), index])))
      for (const [index, { off }] of entries.entries()) if (off) callOffs[index]!()
      events.runUntil(100)
      const expected = entries
        .map(({ ms, off }, index) => ({ at: Math.max(0, ms), off, index }))
        .filter(({ off }) => !off)
        .sort((a, b) => a.at - b.at || a.index - b.index)
      expect(happened).toEqual(expected.map(({ at, index }) => [at, index]))
      expect(events.happened).toBe(expected.length)
      expect(events.now()).toBe(100)
    }),
  )
})

test('what happens may plan more, and call off what is to come', () => {
  const events = createEvents(0)
  const seen: string[] = []
  const callOff = events.after(3, () => seen.push('never'))
  events.after(1, () => {
    events.after(1, () => seen.push(`at ${events.now()}`))
    callOff()
  })
  events.runUntil(10)
  expect(seen).toEqual(['at 2'])
})

test('thousands that were called off do not stay', () => {
  const events = createEvents(0)
  let left = 0
  for (let n = 0; n < 50_000; n++) {
    const callOff = events.after(1_000 + (n % 97), () => left++)
    if (n % 10) callOff()
  }
  expect(events.planned).toBeLessThan(20_000)
  events.runUntil(2_000)
  expect(left).toBe(5_000)
})
