import type { Tuning } from '../options.ts'
import type { Peer } from '../types.ts'
import type { Fleet } from './fleet.ts'
import type { Probes } from './probes.ts'
import type { Slots } from './slots.ts'
import type { Standing } from './standing.ts'
import type { Witnesses } from './witness.ts'

/**
 * Tries servers whose requests failed at once: own probe, then a witness, then the own probe again. Without the last a
 * network that comes back would tell on all servers: the first to answer is a witness against those that failed before.
 */
export interface Court {
  /**
   * A try failed on `peer`, or was answered 5xx: is the server dead?
   * A good probe sent after `since`, and ended within the last second, is answer enough; `Infinity`: none that has ended.
   */
  accuse(peer: Peer, since: number): void
  /** A witness has spoken: who gives no sign of life to what is sent now is dead. */
  recheck(peer: Peer): void
  /** Somebody answered: perhaps the witness that an open accusation waits for, or the accused itself. */
  hear(origin: string): void
}

export interface CourtPorts {
  tuning: Tuning
  fleet: Fleet
  probes: Probes
  witness: Witnesses
  slots: Slots
  standing(id: string): Standing
  /** Servers that may be witnesses against this one, the likeliest first. */
  others(peer: Peer): readonly Peer[]
  /** The accused answered its probe: whatever failed, it lives. */
  acquitted(peer: Peer): void
}

export function createCourt(ports: CourtPorts): Court {
  const { tuning, fleet, probes, witness, slots, standing } = ports
  /** Their probes failed; whoever answers next is a witness against them. */
  const accused = new Set<Peer>()

  function hear(origin: string): void {
    for (const peer of accused) {
      const cleared = fleet.inService(peer.id)
      if (!cleared && peer.origin === origin) continue
      accused.delete(peer)
      if (!cleared) recheck(peer)
    }
  }

  function recheck(peer: Peer): void {
    // What it failed before, the network may have failed.
    standing(peer.id).doubt = undefined
    probes.forget(peer)
    ask(peer, 0, () => fleet.eject(peer.id, 'dead'))
  }

  function ask(peer: Peer, since: number, failed: () => void): void {
    probes.ask(peer, tuning.probeTimeoutMs, since, probed => {
      if (probed.answered) return ports.acquitted(peer)
      // The probe may be waiting behind our own requests.
      if (probed.reason !== 'silent' || !(slots.jammed(peer.origin) || fleet.heardWithin(peer.id, probed.ms))) failed()
    })
  }

  /** Asks the others in turn until one answers, or nothing is open any more; the answer is heard where all are. */
  function callWitness(peer: Peer, since: number): void {
    const others = ports.others(peer)
    let silent = 0
    const askNext = (at: number): void => {
      const other = others[at]
      if (!other || silent >= tuning.probesPerLook || !accused.has(peer)) return
      probes.ask(other, tuning.probeTimeoutMs, since, probed => {
        if (!probed.answered) {
          if (probed.reason === 'silent') silent++
          askNext(at + 1)
        } else if (!fleet.inService(peer.id)) fleet.readmit(other.id)
      })
    }
    askNext(0)
  }

  return {
    accuse(peer, since) {
      ask(peer, since, () => {
        fleet.suspect(peer.id)
        accused.add(peer)
        callWitness(peer, witness.stamp())
      })
    },
    recheck,
    hear,
  }
}
