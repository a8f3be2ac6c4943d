/** A body that still comes keeps the worker awake by one ping in this time (PLATFORM surprise 1). */
export const PING_EVERY_MS = 10_000

/** Younger calls are not worth a ping: the worker just heard of them. */
const OLD_MS = PING_EVERY_MS / 2

/** A call whose end nobody told us of is forgotten after this. */
const FORGET_MS = 6 * 3_600_000

interface Open {
  url: string
  at: number
  ended: (() => void) | undefined
}

export interface Streams {
  /** A call went out to `url` (no fragment). The returned function says that it ended; `ended` hears of it, told so or not. */
  begin(url: string, ended?: () => void): () => void
  /** The engine reports the end of a body from `url`. */
  arrived(url: string): void
  /** Looks once, as every `PING_EVERY_MS`. False when nothing is open any more. */
  tick(): boolean
}

/** Counts the calls under way, and pings while one of them is older than half a ping's distance. */
export function createStreams(now: () => number, ping: () => void, started: () => void): Streams {
  const open = new Set<Open>()

  function close(one: Open): void {
    if (open.delete(one)) one.ended?.()
  }

  return {
    begin(url, ended) {
      const one = { url, at: now(), ended }
      if (open.size === 0) started()
      open.add(one)
      return () => close(one)
    },
    arrived(url) {
      for (const one of open) {
        if (one.url === url) return close(one)
      }
    },
    tick() {
      for (const one of open) if (now() - one.at > FORGET_MS) close(one)
      if ([...open].some(one => now() - one.at >= OLD_MS)) ping()
      return open.size > 0
    },
  }
}

/**
 * The same on a page. The end of a `fetch`ed body is seen in Resource Timing, which costs no clone and
 * no wrapper around the body.
 */
export function watchStreams(ping: () => void): Streams {
  let timer: ReturnType<typeof setInterval> | undefined
  const streams = createStreams(Date.now, ping, () => {
    timer ??= setInterval(() => {
      if (streams.tick()) return
      clearInterval(timer)
      timer = undefined
    }, PING_EVERY_MS)
  })
  if (typeof PerformanceObserver === 'function') {
    new PerformanceObserver(list => {
      for (const entry of list.getEntries() as PerformanceResourceTiming[])
        if (entry.initiatorType === 'fetch') streams.arrived(entry.name.split('#')[0]!)
    }).observe({ type: 'resource' })
  }
  return streams
}
