import type { Fleet } from './health/fleet.ts'
import type { Probes } from './health/probes.ts'
import type { Clock, Random } from './ports.ts'
import type { Peer } from './types.ts'

/** Probes in the background stop when nothing was asked for this long: nobody uses the page. */
const IN_USE_MS = 60_000
/** At most this often is the fleet gone through. */
const EVERY_MS = 250
/** A client gets to know the server it would turn to this long after its first good answer, times 1–2 at random. */
const ACQUAINT_MS = 500
/** How long a probe for the way back may take. */
const PROBE_MS = 2_000

/**
 * Looks after the servers that are out or under suspicion, whenever something happens
 * and, while the page is in use, when their time has come.
 */
export interface Upkeep {
  /** Something happened; cheap. */
  used(): void
  /**
   * Asks a server that was never heard from whether it lives, once and soon: names are looked up and
   * connections made before they are needed, and a mirror that is set up wrongly is known before it counts.
   */
  acquaint(peer: Peer, random: Random): void
  /** Comes back in `ms`, if the page is still in use then. */
  again(ms: number): void
}

export function createUpkeep(
  clock: Clock,
  fleet: Fleet,
  probes: Probes,
  peerOf: (id: string) => Peer | undefined,
): Upkeep {
  const acquainted = new Set<string>()
  const planned = new Set<number>()
  /** When a suspect was asked last: one goes after the other. */
  const asked = new Map<string, number>()
  const askedAt = (peer?: Peer) => (peer ? (asked.get(peer.id) ?? 0) : Number.POSITIVE_INFINITY)
  let usedAt = 0
  let wentAt = 0

  function go(): void {
    wentAt = clock.now()
    let suspect: Peer | undefined
    for (const [id, { out, suspectAt }] of fleet.records) {
      const peer = peerOf(id)
      if (!peer) continue
      if (out) tryReturn(peer)
      // While nobody is heard from, a suspect's silence tells nothing.
      else if (suspectAt && fleet.heardAny() > suspectAt && askedAt(peer) <= askedAt(suspect)) suspect = peer
    }
    if (!suspect) return
    asked.set(suspect.id, wentAt)
    probes.ask(suspect, PROBE_MS, 0, () => {})
  }

  function tryReturn(peer: Peer): void {
    const { out } = fleet.of(peer.id)
    if (!out || clock.now() < out.nextProbeAt || out.goodProbes >= 2) return
    // A good end is noted where every answer is; silence is noted here.
    probes.ask(peer, PROBE_MS, clock.now(), probed => {
      if (!probed.answered) fleet.returnProbe(peer.id, false)
      const next = fleet.of(peer.id).out
      if (next && next.goodProbes < 2) again(next.nextProbeAt - clock.now())
    })
  }

  function again(ms: number): void {
    const at = clock.now() + ms
    if (planned.has(at)) return
    planned.add(at)
    clock.after(ms, () => {
      planned.delete(at)
      if (clock.now() - usedAt < IN_USE_MS) go()
    })
  }

  return {
    used() {
      usedAt = clock.now()
      if (usedAt - wentAt >= EVERY_MS || wentAt > usedAt) go()
    },
    acquaint(peer, random) {
      if (fleet.of(peer.id).heardAt > 0 || acquainted.has(peer.id)) return
      acquainted.add(peer.id)
      clock.after(ACQUAINT_MS * (1 + random()), () => probes.ask(peer, PROBE_MS, 0, () => {}))
    },
    again,
  }
}
