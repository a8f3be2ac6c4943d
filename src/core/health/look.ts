import type { Tuning } from '../options.ts'
import type { Peer } from '../types.ts'
import type { Fleet } from './fleet.ts'
import type { Lull } from './lull.ts'
import type { Probed, Probes } from './probes.ts'
import { provesNothing } from './silence.ts'
import type { Slots } from './slots.ts'
import type { Witnesses } from './witness.ts'

/**
 * What a look found.
 * - `dead`: silent while another server answers, or it answers 5xx where that one does not; it is ejected
 * - `answers`: it lives, its path is slow
 * - `unknown`: the others are silent too, so nobody is blamed
 */
export type Verdict = 'answers' | 'dead' | 'unknown'

/** A try that has waited too long. */
export interface Waiting {
  peer: Peer
  /** When it went out, as `Witnesses.stamp` counts. */
  stamp: number
  /** The servers to ask, in order, the ejected last. */
  others: readonly Peer[]
  /** A sign of life of its own server is wanted, whatever comes of the look. */
  long: boolean
  /** Told of every probe, for the list of tries. */
  noted?(peer: Peer, probed: Probed): void
}

export interface LookPorts {
  fleet: Fleet
  probes: Probes
  /** See `Court`. */
  recheck(peer: Peer, origin: string): void
  witness: Witnesses
  slots: Slots
  lull: Lull
  tuning: Tuning
}

/** Looks at the servers because one of them keeps a request waiting; ends nothing itself but what is proved dead. */
export function look(
  ports: LookPorts,
  waiting: Waiting,
  end: (verdict: Verdict, silent: readonly Peer[]) => void,
): void {
  const { fleet, probes, witness, lull, tuning } = ports
  const { peer, stamp, others, long } = waiting
  const silent: Peer[] = []
  const beganAt = witness.stamp()
  const before = lull.looks()
  let unanswered = 0

  // It has just answered somebody.
  if (fleet.heardWithin(peer.id, tuning.ownProbeMs)) return end('answers', silent)
  // Though no verdict comes of it: what is left in service may just be slow, and this is its sign of life. And where one
  // of the two is far away both are asked at once: silence takes long to tell there.
  const [next = peer] = others
  const isFar = [peer, next].some(({ id }) => fleet.of(id).quickMs > tuning.ownProbeMs)
  if (long || isFar) probes.ask(peer, tuning.probeTimeoutMs, stamp, () => {})
  // Where all are suspect already, another one each time.
  askOthers(before && !fleet.inService(next.id) ? before % others.length : 0)

  function askOthers(at: number): void {
    const other = others[at]
    if (!other || unanswered >= (before ? 1 : tuning.probesPerLook)) {
      lull.note(beganAt)
      return end('unknown', silent)
    }
    if (fleet.heardWithin(other.id, tuning.ownProbeMs) && witness.against(peer.origin, stamp)) return askOwn(0, 0)
    // How far away it is says nothing of the network now, if that is known.
    const { quickMs, out } = fleet.of(other.id)
    probes.ask(other, tuning.probeTimeoutMs, stamp, probed => {
      waiting.noted?.(other, probed)
      if (probed.answered) {
        // Not one that was found out while it was asked.
        if (out) fleet.readmit(other.id)
        // The ones asked before it have a witness against them now.
        for (const one of silent) ports.recheck(one, other.origin)
        return askOwn(probed.ms, quickMs)
      }
      if (probed.reason === 'silent') unanswered++
      if (!provesNothing(ports, other, probed)) {
        silent.push(other)
        fleet.suspect(other.id)
      }
      askOthers(at + 1)
    })
  }

  /** @param farMs how much of the other's time is due to how far away it is */
  function askOwn(otherMs: number, farMs: number): void {
    // While the others were silent the network may have been: its time begins with the witness.
    if (unanswered || silent[0]) probes.forget(peer)
    const limitMs = Math.max(tuning.ownProbeFactor * (otherMs - farMs), otherMs + tuning.ownProbeMs)
    probes.ask(peer, limitMs, stamp, probed => {
      waiting.noted?.(peer, probed)
      if (probed.answered || provesNothing(ports, peer, probed)) return end('answers', silent)
      const isDead = witness.against(peer.origin, stamp) && fleet.eject(peer.id, 'dead', probed.status)
      end(isDead ? 'dead' : 'unknown', silent)
    })
  }
}
