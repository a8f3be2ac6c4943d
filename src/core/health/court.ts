import type { Tuning } from '../options.ts'
import type { Clock } from '../ports.ts'
import type { Peer } from '../types.ts'
import type { Fleet } from './fleet.ts'
import type { Probes } from './probes.ts'
import type { Slots } from './slots.ts'
import type { Witnesses } from './witness.ts'

/** An accusation without a verdict is dropped after this time: a network that was gone is no server's fault when it is back. */
const STALE_MS = 1_500

/** Tries servers whose requests failed at once: own probe first, then a witness, before blame. */
export interface Court {
  /**
   * A try that went out at `stamp` failed on `peer`, or was answered 5xx: is the server dead?
   * A good probe sent after `since`, and ended within the last second, is answer enough; `Infinity`: none that has ended.
   */
  accuse(peer: Peer, stamp: number, since: number): void
  /** Somebody answered: perhaps the witness that an open accusation waits for. */
  hear(): void
}

export interface CourtPorts {
  clock: Clock
  tuning: Tuning
  fleet: Fleet
  probes: Probes
  witness: Witnesses
  slots: Slots
  /** Servers that may be witnesses against this one, the likeliest first. */
  others(peer: Peer): readonly Peer[]
  /** The accused answered its probe: whatever failed, it lives. */
  acquitted(peer: Peer): void
}

export function createCourt(ports: CourtPorts): Court {
  const { clock, tuning, fleet, probes, witness, slots } = ports
  const convictable = new Map<string, { peer: Peer; stamp: number; at: number }>()

  function hear(): void {
    for (const [id, { peer, stamp, at }] of convictable) {
      const { suspectAt, heardAt } = fleet.of(id)
      if (clock.now() - at > STALE_MS || (!suspectAt && heardAt >= at)) convictable.delete(id)
      else if (witness.against(peer.origin, stamp) && fleet.eject(id, 'dead')) convictable.delete(id)
    }
  }

  /** Asks the others in turn until one answers, or nothing is open any more; the answer is heard where all are. */
  function callWitness(accused: Peer, since: number): void {
    const others = ports.others(accused)
    let silent = 0
    const ask = (at: number): void => {
      const other = others[at]
      if (!other || silent >= tuning.probesPerLook || !convictable.has(accused.id)) return
      probes.ask(other, tuning.probeTimeoutMs, since, probed => {
        if (probed.answered) {
          if (convictable.has(accused.id)) fleet.readmit(other.id)
          return hear()
        }
        if (probed.reason === 'silent') silent++
        ask(at + 1)
      })
    }
    ask(0)
  }

  return {
    accuse(peer, stamp, since) {
      probes.ask(peer, tuning.probeTimeoutMs, since, probed => {
        if (probed.answered) return ports.acquitted(peer)
        // The probe may be waiting behind our own requests.
        if (probed.reason === 'silent' && slots.jammed(peer.origin)) return
        fleet.suspect(peer.id)
        if (!convictable.has(peer.id)) convictable.set(peer.id, { peer, stamp, at: clock.now() })
        hear()
        callWitness(peer, stamp)
      })
    },
    hear,
  }
}
