import type { Peer } from '../types.ts'
import { candidates, type Run } from './run.ts'

/** What a search for a living server must know. */
export interface Search {
  peers: readonly Peer[]
  /** Good probes sent before this stamp prove nothing. */
  since: number
  /** A server that needs no probe, or has answered it after all. */
  known(peer: Peer): boolean
}

/**
 * Asks server after server until one lives. Ends with it, or with how many stayed silent (refusals cost no time and do
 * not count); not at all once the request has ended.
 */
export function findLiving(
  run: Pick<Run, 'world' | 'call' | 'nature' | 'asked' | 'noted' | 'spare' | 'finished'>,
  { peers, since, known }: Search,
  end: (found: Peer | undefined, silent: number) => void,
): void {
  const { world } = run
  const { probesPerLook, probeTimeoutMs, silenceMs } = world.tuning
  let silent = 0
  // There may be another list by now: nobody gets anything whom it does not name, nor more than it allows.
  const listed = ({ id }: Peer) => candidates(run).find(peer => peer.id === id)
  const ask = (at: number): void => {
    // On a slow network the answer of one asked before may have come meanwhile.
    const found = peers
      .slice(0, at + 1)
      .filter(known)
      .map(listed)
      .find(peer => peer)
    const peer = peers[at]
    // Who has something to show ends after a few silent ones, who has not asks on for as long as a silence may last.
    const most = run.spare ? probesPerLook : silenceMs / probeTimeoutMs
    if (found || !peer || silent >= most) return end(found, silent)
    world.probes.ask(peer, probeTimeoutMs, since, asked => {
      if (run.finished) return
      if (asked.answered) {
        const living = listed(peer)
        return living ? end(living, silent) : ask(at + 1)
      }
      run.noted(peer, asked)
      if (asked.reason === 'silent') silent++
      world.reports.accuse(peer, 'silent')
      ask(at + 1)
    })
  }
  ask(0)
}
