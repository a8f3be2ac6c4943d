import type { Random } from '../../../src/core/ports.ts'

/** What befalls a server from one moment to another; milliseconds since the run began. */
export interface Fault {
  from: number
  until: number
  /**
   * `hole`: what is sent to it, and what it would answer, is lost. `refuse`: connections fail at once. `503`: says so at
   * once, to probes too, at a quarter of the work (`retryAfterMs` along with it), and what it is at work on ends so, too.
   * `later`: answers come so much later. `capacity`: works at this share of its speed. `errors`: this share of its answers is 500, probes apart.
   */
  kind: 'hole' | 'refuse' | '503' | 'later' | 'capacity' | 'errors'
  amount?: number
  retryAfterMs?: number
  /** Probes are answered all the same, past the queue. */
  probesToo?: false
}

export interface ServerOptions {
  /** Requests a second at full speed; service times are exponential. */
  rate: number
  faults?: readonly Fault[]
  /** Requests that may wait or be served at a time; more get a 503 at once. Default: any number. */
  queue?: number
}

/** How one request ends: at what time its answer leaves, and with what. Never: `at` is infinite. */
export interface Reply {
  at: number
  status: number
  retryAfterMs?: number | undefined
  refused?: boolean
}

/** One first-come-first-served server that nobody can tell to stop what it has begun. */
export interface Server {
  /** Hands it a request of this share of a request's work at `now` (since the run began). */
  take(now: number, work: number, probe?: boolean): Reply
  /** Requests handed to it, probes apart, by whole seconds since the run began. */
  readonly perSecond: number[]
}

export function createServer(
  { rate, faults = [], queue = Number.POSITIVE_INFINITY }: ServerOptions,
  random: Random,
): Server {
  const perSecond: number[] = []
  let freeAt = 0
  /** When those in the queue will be done, oldest first. */
  let leaving: number[] = []
  let left = 0

  const bounds = [...new Set(faults.flatMap(({ from, until }) => [from, until]))].sort((a, b) => a - b)
  const at = (now: number, kind: Fault['kind']) =>
    faults.find(fault => fault.kind === kind && fault.from <= now && now < fault.until)

  /** When `ms` of full-speed service that begins at `start` are done. */
  function doneAt(start: number, ms: number): number {
    let now = start
    for (;;) {
      const speed = at(now, 'capacity')?.amount ?? 1
      const next = bounds.find(bound => bound > now) ?? Number.POSITIVE_INFINITY
      if (now + ms / speed <= next) return now + ms / speed
      ms -= (next - now) * speed
      now = next
    }
  }

  function queued(now: number): number {
    while (left < leaving.length && leaving[left]! <= now) left++
    if (left > 1_000) {
      leaving = leaving.slice(left)
      left = 0
    }
    return leaving.length - left
  }

  function serve(now: number, share: number): number {
    if (share === 0) return now
    const ms = (-Math.log(1 - random()) * share * 1_000) / rate
    freeAt = doneAt(Math.max(now, freeAt), ms)
    leaving.push(freeAt)
    return freeAt
  }

  return {
    perSecond,
    take(now, share, probe = false) {
      if (!probe) {
        const second = Math.floor(now / 1_000)
        perSecond[second] = (perSecond[second] ?? 0) + 1
      }
      const beside = (fault: Fault | undefined) => (probe && fault?.probesToo === false ? undefined : fault)
      if (beside(at(now, 'hole'))) return { at: Number.POSITIVE_INFINITY, status: 0 }
      if (beside(at(now, 'refuse'))) return { at: now, status: 0, refused: true }
      const overloaded = beside(at(now, '503'))
      if (overloaded) return { at: serve(now, share / 4), status: 503, retryAfterMs: overloaded.retryAfterMs }
      if (share > 0 && queued(now) >= queue) return { at: now, status: 503 }
      const done = serve(now, share)
      if (beside(at(done, 'hole'))) return { at: Number.POSITIVE_INFINITY, status: 0 }
      const turned = beside(at(done, '503'))
      if (turned) return { at: done, status: 503, retryAfterMs: turned.retryAfterMs }
      const errs = !probe && random() < (at(now, 'errors')?.amount ?? 0)
      return { at: done + (beside(at(done, 'later'))?.amount ?? 0), status: errs ? 500 : 200 }
    },
  }
}
