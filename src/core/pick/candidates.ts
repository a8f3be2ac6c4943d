import type { Call, Peer, ServerState } from '../types.ts'

/** Whether `peer` may be asked at all for this call: a read-only replica takes no writes, `Authorization` goes nowhere unnamed. */
export function mayTake(peer: Peer, call: Call, isRead: boolean, asked: Peer): boolean {
  if (peer.id === asked.id || !peer.server) return true
  if (!isRead && !peer.server.writes) return false
  return !lacksCredentials(peer, call)
}

/** The list does not let this server have what the call carries. */
export function lacksCredentials(peer: Peer, call: Call): boolean {
  return call.authorization && peer.server?.credentials === 'omit'
}

const RANK: Partial<Record<ServerState, number>> = {
  'in-service': 0,
  suspect: 1,
  'backed-off': 2,
}

/**
 * Best first: what is in service in the policy's order, then the suspects, then those
 * that asked to be left alone, then the ejected, the longest out first.
 */
export function sortForUse(
  peers: readonly Peer[],
  stateOf: (peer: Peer) => ServerState,
  outSince: (peer: Peer) => number,
): Peer[] {
  const ranks: Peer[][] = [[], [], [], []]
  for (const peer of peers) ranks[RANK[stateOf(peer)] ?? 3]!.push(peer)
  ranks[3]!.sort((a, b) => outSince(a) - outSince(b))
  return ranks.flat()
}
