import type { Clock } from '../../src/core/ports.ts'

interface Event {
  at: number
  /** Of two at the same time the one planned first comes first. */
  order: number
  /** Taken away when it is called off. */
  happen: (() => void) | undefined
}

/** A virtual clock for many: a binary heap of what is to come. Times in milliseconds. */
export interface Events extends Clock {
  /** Everything due until then happens, each at its own time. */
  runUntil(at: number): void
  /** How many have happened. */
  readonly happened: number
  /** How many are planned, with those that were called off and not swept out yet. */
  readonly planned: number
}

/** Called-off events stay in the heap until their time, or until they are most of it. */
const SWEEP_AT = 10_000

export function createEvents(start = 1_700_000_000_000): Events {
  let now = start
  let order = 0
  let happened = 0
  let calledOff = 0
  let heap: Event[] = []

  const isBefore = (a: Event, b: Event) => a.at < b.at || (a.at === b.at && a.order < b.order)

  function rise(at: number): void {
    const event = heap[at]!
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!isBefore(event, heap[above]!)) break
      heap[at] = heap[above]!
      at = above
    }
    heap[at] = event
  }

  function sink(at: number): void {
    const event = heap[at]!
    for (;;) {
      let below = 2 * at + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below++
      if (!isBefore(heap[below]!, event)) break
      heap[at] = heap[below]!
      at = below
    }
    heap[at] = event
  }

  function take(): Event {
    const first = heap[0]!
    const last = heap.pop()!
    if (heap.length > 0) {
      heap[0] = last
      sink(0)
    }
    return first
  }

  function sweep(): void {
    heap = heap.filter(({ happen }) => happen)
    for (let at = (heap.length >> 1) - 1; at >= 0; at--) sink(at)
    calledOff = 0
  }

  return {
    get happened() {
      return happened
    },
    get planned() {
      return heap.length
    },
    now: () => now,
    after(ms, then) {
      if (ms === Number.POSITIVE_INFINITY) return () => {}
      const event: Event = { at: Math.max(now, now + ms), order: order++, happen: then }
      heap.push(event)
      rise(heap.length - 1)
      return () => {
        if (!event.happen) return
        event.happen = undefined
        if (++calledOff > SWEEP_AT && calledOff > heap.length / 2) sweep()
      }
    },
    runUntil(until) {
      while (heap[0] && heap[0].at <= until) {
        const event = take()
        const { at, happen } = event
        if (!happen) {
          calledOff--
          continue
        }
        now = at
        happened++
        event.happen = undefined
        happen()
      }
      now = Math.max(now, until)
    },
  }
}
