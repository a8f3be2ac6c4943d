import type { Clock } from '../../src/core/ports.ts'

/** A clock turned by hand: timers run in the order of their times, each at its own time. */
export interface VirtualClock extends Clock {
  /** Runs everything due within the next `ms`. */
  run(ms: number): void
}

export function virtualClock(start = 1_700_000_000_000): VirtualClock {
  let now = start
  let count = 0
  const timers = new Map<number, { at: number; then: () => void }>()

  function next(until: number): [number, { at: number; then: () => void }] | undefined {
    let best: [number, { at: number; then: () => void }] | undefined
    for (const entry of timers) if (entry[1].at <= until && (!best || entry[1].at < best[1].at)) best = entry
    return best
  }

  return {
    now: () => now,
    after(ms, then) {
      const id = count++
      timers.set(id, { at: now + ms, then })
      return () => void timers.delete(id)
    },
    run(ms) {
      const until = now + ms
      for (let due = next(until); due; due = next(until)) {
        timers.delete(due[0])
        now = Math.max(now, due[1].at)
        due[1].then()
      }
      now = until
    },
  }
}
