import { isWithin } from '../moments.ts'
import type { Tuning } from '../options.ts'
import type { Clock, ProbeEnd, Sending, Transport } from '../ports.ts'
import type { Peer } from '../types.ts'

/** What came of asking a server whether it lives. */
export interface Probed {
  answered: boolean
  /** From the probe's start to its answer, or to the moment it was given up. */
  ms: number
  /** When the probe went out, as `Witnesses.stamp` counts. */
  stamp: number
  /** In a few words, for the list of tries. */
  reason: string
  status?: number
}

/**
 * A probe under way is shared by all who ask within a second, and its result by all who come soon after (see
 * `Tuning.probeSharedMs`), unless it is forgotten.
 */
export interface Probes {
  /**
   * Asks `peer`, for at most `limitMs` from the probe's start, or longer where even its quick answers take long. A finished good
   * one is shared only if it went out after `since`: an older one says nothing about what happened to that request.
   */
  ask(peer: Peer, limitMs: number, since: number, end: (probed: Probed) => void): void
  /** The next one to ask `peer` starts a new probe: what the last one met, unless a server answered it, may be over. */
  forget(peer: Peer): void
}

interface Running {
  stamp: number
  startedAt: number
  waiters: Set<(probed: Probed) => void>
  /** What came of it, once it has ended. */
  probed?: Probed
}

export interface ProbesPorts {
  clock: Clock
  transport: Transport
  tuning: Tuning
  stamp(): number
  /** How soon a server answers when it answers soon, in milliseconds; a guess where that is not known. */
  quickMs(id: string): number
  /** Where `peer` is asked. */
  target(peer: Peer): { url: string; method: 'GET' | 'HEAD' }
  /** An answer came, of whatever status. */
  answered(peer: Peer, probed: Probed, good: boolean): void
}

/** However far away its server is, a probe is waited for no longer. */
const LONGEST_MS = 2_000

/** A probe that nobody waits for any more is given up after this time. */
const ABANDON_MS = 5_000

export function createProbes(ports: ProbesPorts): Probes {
  const { clock, tuning } = ports
  const running = new Map<string, Running>()
  const last = new Map<string, { probed: Probed; endedAt: number }>()

  function start(peer: Peer): Running {
    const probe: Running = { stamp: ports.stamp(), startedAt: clock.now(), waiters: new Set() }
    running.set(peer.id, probe)
    let sending: Sending | undefined
    const callOff = clock.after(ABANDON_MS, () => {
      sending?.abort()
      finish(undefined, 'silent')
    })
    function finish(end: ProbeEnd, silence?: string): void {
      if (probe.probed) return
      callOff()
      const ms = clock.now() - probe.startedAt
      const probed = judge(end, ms, probe.stamp, silence)
      probe.probed = probed
      // One that was forgotten may end after its successor.
      if (running.get(peer.id) === probe) {
        running.delete(peer.id)
        last.set(peer.id, { probed, endedAt: clock.now() })
      }
      if (end) ports.answered(peer, probed, probed.answered)
      for (const waiter of probe.waiters) waiter(probed)
    }
    sending = ports.transport.probe(ports.target(peer), finish)
    return probe
  }

  return {
    forget({ id }) {
      // Several may say so at once: what went out in this very moment is new enough.
      const now = clock.now()
      const { probed } = last.get(id) ?? {}
      if (probed && probed.status === undefined && probed.stamp < now) last.delete(id)
      if ((running.get(id)?.stamp ?? now) < now) running.delete(id)
    },
    ask(peer, limitMs, since, end) {
      const recent = last.get(peer.id)
      // Who refused, or stayed silent, may be back sooner than who answered is gone.
      if (
        recent &&
        isWithin(recent.endedAt, recent.probed.answered ? tuning.probeSharedMs : tuning.probeTimeoutMs, clock.now())
      ) {
        if (recent.probed.answered ? recent.probed.stamp > since : recent.probed.ms < ABANDON_MS)
          return end(recent.probed)
      }
      const old = running.get(peer.id)
      const probe = old && isWithin(old.startedAt, tuning.probeSharedMs, clock.now()) ? old : start(peer)
      // A transport may answer at once.
      if (probe.probed) return end(probe.probed)
      const waited = clock.now() - probe.startedAt
      const silent = () => settle(judge(undefined, clock.now() - probe.startedAt, probe.stamp, 'silent'))
      // A new connection takes up to four journeys more than what came by an open one.
      const mostMs = Math.max(limitMs, Math.min(5 * ports.quickMs(peer.id), LONGEST_MS))
      const callOff = clock.after(mostMs - waited, silent)
      function settle(probed: Probed): void {
        callOff()
        if (probe.waiters.delete(settle)) end(probed)
      }
      probe.waiters.add(settle)
    },
  }
}

/** Any status below 500 but 429 is an answer, and so is 0: something lives that cannot be read. */
function judge(end: ProbeEnd, ms: number, stamp: number, reason = 'refused'): Probed {
  if (!end) return { answered: false, ms, stamp, reason }
  const { status } = end
  // 501 is how a server says that it does not know HEAD.
  const answered = (status < 500 && status !== 429) || status === 501
  return { answered, ms, stamp, status, reason: `answered ${status || 'unreadably'}` }
}
