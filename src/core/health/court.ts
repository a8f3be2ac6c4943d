import type { Tuning } from '../options.ts'
import type { Peer } from '../types.ts'
import type { Fleet } from './fleet.ts'
import type { Probed, Probes } from './probes.ts'
import { provesNothing } from './silence.ts'
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
  /** Another origin has answered: unless it is well, this server is out if it fails a probe that is sent now, or has answered one badly. */
  recheck(peer: Peer, origin: string): void
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
  const { tuning, fleet, probes, witness, standing } = ports
  /** Their probes failed; whoever answers next is a witness against them. */
  const accused = new Map<string, Peer>()

  function hear(origin: string): void {
    for (const [id, peer] of [...accused]) {
      const state = fleet.records.has(id) ? fleet.stateOf(id) : 'dead'
      const isOpen = state !== 'dead' && state !== 'in-service'
      if (isOpen && peer.origin === origin) continue
      accused.delete(id)
      if (isOpen) recheck(peer, origin)
    }
  }

  function recheck(peer: Peer, origin: string): void {
    const { id } = peer
    if (peer.origin === origin || fleet.inService(id)) return
    // What it failed before, the network may have failed.
    standing(id).doubt = undefined
    probes.forget(peer)
    ask(peer, 0, ({ status }) => {
      // Where it is the last, the witness may be let in again first.
      if (!fleet.eject(id, 'dead', status)) accused.set(id, peer)
    })
  }

  function ask(peer: Peer, since: number, failed: (probed: Probed) => void): void {
    probes.ask(peer, tuning.probeTimeoutMs, since, probed => {
      if (probed.answered) ports.acquitted(peer)
      else if (!provesNothing(ports, peer, probed)) failed(probed)
    })
  }

  /** Asks the others in turn until one answers, or nothing is open any more; the answer is heard where all are. */
  function callWitness(peer: Peer, since: number): void {
    const others = ports.others(peer)
    let silent = 0
    const askNext = (at: number): void => {
      const other = others[at]
      if (!other || silent >= tuning.probesPerLook || !accused.has(peer.id)) return
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
        accused.set(peer.id, peer)
        callWitness(peer, witness.stamp())
      })
    },
    recheck,
    hear,
  }
}
