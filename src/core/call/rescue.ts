import type { Tuning } from '../options.ts'
import type { Clock } from '../ports.ts'

/** Lets the requests of a dead server move to others a few at a time, more with every good answer. */
export interface Rescue {
  /** Calls `go` when it is this request's turn; at once while there is room. */
  enter(go: () => void): void
  /** A rescued request ended, well or not. */
  leave(good: boolean): void
}

export function createRescue(tuning: Tuning, clock: Clock): Rescue {
  const waiting: (() => void)[] = []
  let room = tuning.rescueAtOnce
  let underway = 0
  let progress = 0
  let watching = false

  function admit(): void {
    while (room > underway && waiting.length > 0) {
      underway++
      waiting.shift()!()
    }
  }

  // Rescued requests that get stuck must not hold up the rest for ever.
  function watch(): void {
    if (watching) return
    watching = true
    const seen = progress
    clock.after(tuning.lookAfterMs, () => {
      watching = false
      if (waiting.length === 0) return
      if (progress === seen) room += tuning.rescueAtOnce
      admit()
      watch()
    })
  }

  return {
    enter(go) {
      waiting.push(go)
      admit()
      if (waiting.length > 0) watch()
    },
    leave(good) {
      progress++
      underway--
      if (good) room += tuning.rescuePerAnswer
      if (underway === 0 && waiting.length === 0) room = tuning.rescueAtOnce
      admit()
    },
  }
}
