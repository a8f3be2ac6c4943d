import type { Clock } from '../core/ports.ts'
import { clock } from './system.ts'

/** What Node's timers have beyond a browser's. */
type Timer = { ref?(): void; unref?(): void }

export interface BusyClock extends Clock {
  /** Something is under way; the returned function says that it is over. */
  busy(): () => void
  /** Ends every wait without calling anybody, as soon as nothing is under way. */
  stop(): void
}

/**
 * A clock that keeps a Node process alive only while something is under way: a probe of a
 * returning server, minutes later, is no reason to go on.
 */
export function createBusyClock(): BusyClock {
  const timers = new Set<ReturnType<typeof setTimeout>>()
  let underWay = 0
  let stopped = false

  function clear(): void {
    for (const timer of timers) clearTimeout(timer)
    timers.clear()
  }

  function setAlive(alive: boolean): void {
    for (const timer of timers as Set<Timer>) alive ? timer.ref?.() : timer.unref?.()
  }

  return {
    now: clock.now,
    after(ms, then) {
      if (ms === Number.POSITIVE_INFINITY) return () => {}
      const timer = setTimeout(
        () => {
          timers.delete(timer)
          then()
        },
        // Node warns of times that are past.
        Math.max(0, Math.min(ms, 2 ** 31 - 1)),
      )
      timers.add(timer)
      if (!underWay) (timer as Timer).unref?.()
      return () => {
        timers.delete(timer)
        clearTimeout(timer)
      }
    },
    busy() {
      let over = false
      if (++underWay === 1) setAlive(true)
      return () => {
        if (over) return
        over = true
        if (--underWay > 0) return
        setAlive(false)
        if (stopped) clear()
      }
    },
    stop() {
      stopped = true
      if (!underWay) clear()
    },
  }
}
