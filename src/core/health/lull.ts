import type { Peer } from '../types.ts'

/** The next look after one that found nobody comes so much later, after the second twice, and so on to the longest. */
const FIRST_MS = 2_000
const LONGEST_MS = 16_000

/**
 * Looks that found nobody. Where all servers are silent, overloaded or cut off with the network, further looks cost much and
 * learn little: they come less and less often, for all requests together, until somebody is heard from.
 */
export interface Lull {
  /** Who was silent in them; whoever answers is a witness against these. */
  readonly silent: Set<Peer>
  /** How many looks have found nobody since somebody was heard from; `undefined`: it is not time for another yet. */
  looks(): number | undefined
  /** A look that began at this wall time found nobody. */
  note(beganAt: number): void
}

export function createLull(now: () => number, heardAny: () => number): Lull {
  let looks = 0
  let at = 0
  const silent = new Set<Peer>()
  return {
    silent,
    looks() {
      const sinceMs = now() - at
      if (heardAny() > at || sinceMs < 0) {
        looks = 0
        silent.clear()
      }
      return looks && sinceMs < Math.min(FIRST_MS * 2 ** (looks - 1), LONGEST_MS) ? undefined : looks
    },
    note(beganAt) {
      // Of those that look at the same time one counts, and none in whose time the asked server gave a sign of life.
      if (beganAt < at || heardAny() > beganAt) return
      at = now()
      looks++
    },
  }
}
