import type { Clock } from '../src/core/ports.ts'

/** Resolves when the work has ended, well or not, or took too long. */
export function atMost(ms: number, work: Promise<unknown> | undefined, clock: Clock): Promise<void> {
  return new Promise(resolve => {
    const callOff = clock.after(ms, resolve)
    const end = () => {
      callOff()
      resolve()
    }
    Promise.resolve(work).then(end, end)
  })
}
