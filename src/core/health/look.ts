import type { Tuning } from '../options.ts'
import type { Peer } from '../types.ts'
import type { Fleet } from './fleet.ts'
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
  tuning: Tuning
}

/** Looks at the servers because one of them keeps a request waiting; ends nothing itself but what is proved dead. */
export function look(ports: LookPorts, waiting: Waiting, end: (verdict: Verdict) => void): void {
  const { fleet, probes, witness, tuning } = ports
  const { peer, stamp, others } = waiting
  const silent: Peer[] = []
  let unanswered = 0

  // It has just answered somebody.
  if (fleet.heardWithin(peer.id, tuning.ownProbeMs)) return end('answers')
  // Asked along with the first of the others, it has had its time when that one answers. And though no verdict comes
  // of it where none does: what is left in service may just be slow, and this is its sign of life.
  probes.ask(peer, tuning.probeTimeoutMs, stamp, () => {})
  askOthers(0)

  function askOthers(at: number): void {
    const other = others[at]
    if (!other || unanswered >= tuning.probesPerLook) return end('unknown')
    if (fleet.heardWithin(other.id, tuning.ownProbeMs) && witness.against(peer.origin, stamp)) return askOwn(0)
    // How far away it is says nothing of the network now, if that is known.
    const { quickMs, out } = fleet.of(other.id)
    probes.ask(other, tuning.probeTimeoutMs, stamp, probed => {
      waiting.noted?.(other, probed)
      if (probed.answered) {
        // Not one that was found out while it was asked.
        if (out) fleet.readmit(other.id)
        // The ones asked before it have a witness against them now.
        for (const one of silent) ports.recheck(one, other.origin)
        return askOwn(probed.ms - quickMs)
      }
      if (probed.reason === 'silent') unanswered++
      if (!provesNothing(ports, other, probed)) {
        silent.push(other)
        fleet.suspect(other.id)
      }
      askOthers(at + 1)
    })
  }

  function askOwn(otherMs: number): void {
    // While the others were silent the network may have been: its time begins with the witness.
    if (unanswered || silent[0]) probes.forget(peer)
    const limitMs = Math.max(tuning.ownProbeMs, tuning.ownProbeFactor * otherMs)
    probes.ask(peer, limitMs, stamp, probed => {
      waiting.noted?.(peer, probed)
      if (probed.answered || provesNothing(ports, peer, probed)) return end('answers')
      if (!witness.against(peer.origin, stamp)) return end('unknown')
      end(fleet.eject(peer.id, 'dead', probed.status) ? 'dead' : 'unknown')
    })
  }
}
