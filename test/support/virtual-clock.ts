import type { Clock } from '../../src/core/ports.ts'
import { createEvents } from './events.ts'

/** A clock turned by hand: timers run in the order of their times, each at its own time. */
export interface VirtualClock extends Clock {
  /** Runs everything due within the next `ms`. */
  run(ms: number): void
}

export function virtualClock(start?: number): VirtualClock {
  const { now, after, runUntil } = createEvents(start)
  return { now, after, run: ms => runUntil(now() + ms) }
}
