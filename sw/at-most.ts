import type { Clock } from '../src/core/ports.ts'

/** Resolves when the work has ended, well or not, or took too long. */
export function atMost(ms: number, work: Promise<unknown> | undefined, clock: Clock): Promise<unknown> {
  return Promise.race([Promise.allSettled([work]), new Promise<void>(resolve => clock.after(ms, resolve))])
}
