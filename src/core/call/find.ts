import type { Peer } from '../types.ts'
import type { Run } from './run.ts'

/** What a search for a living server must know. */
export interface Search {
  peers: readonly Peer[]
  /** Good probes sent before this stamp prove nothing. */
  since: number
  /** Silent probes after which the search ends, if anything else is left to do; refused ones cost no time and do not count. */
  silentMost?: number | undefined
  /** A server that needs no probe. */
  known(peer: Peer): boolean
}

/** Asks server after server until one lives. Ends with it, or with how many stayed silent. */
export function findLiving(
  run: Pick<Run, 'world' | 'noted'>,
  search: Search,
  end: (found: Peer | undefined, silent: number) => void,
): void {
  const { world } = run
  let silent = 0
  const ask = (at: number): void => {
    const peer = search.peers[at]
    if (!peer || silent === search.silentMost) return end(undefined, silent)
    if (search.known(peer)) return end(peer, silent)
    world.probes.ask(peer, world.tuning.probeTimeoutMs, search.since, asked => {
      if (asked.answered) return end(peer, silent)
      run.noted(peer, asked)
      if (asked.reason === 'silent') silent++
      world.reports.accuse(peer, search.since, 'silent')
      ask(at + 1)
    })
  }
  ask(0)
}
