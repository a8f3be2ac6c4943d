/** The second look that finds nobody comes so much later than the first, and each one after that so much. */
const FIRST_MS = 2_000
const LATER_MS = 4_000

/**
 * Looks that found nobody. Where all servers are silent, overloaded or cut off with the network, many looks cost much and
 * learn little: one at a time is enough, for all requests together, until somebody is heard from.
 */
export interface Lull {
  /** How many looks have found nobody since somebody was heard from. */
  looks(): number
  /** How long it is until the next one, in milliseconds; 0 outside of a lull. */
  pauseMs(): number
  /** A look that began at this wall time found nobody. */
  note(beganAt: number): void
}

export function createLull(now: () => number, heardAny: () => number): Lull {
  let count = 0
  let at = 0

  function looks(): number {
    if (heardAny() >= at || now() < at) count = 0
    return count
  }

  return {
    looks,
    pauseMs: () => (looks() ? Math.max(0, at + (count > 1 ? LATER_MS : FIRST_MS) - now()) : 0),
    note(beganAt) {
      // Of those that look at the same time one counts, and none in whose time the asked server gave a sign of life.
      if (beganAt < at || heardAny() >= Math.floor(beganAt)) return
      at = now()
      count++
    },
  }
}
