import type { Peer, Server } from '../types.ts'
import { rendezvousScore } from './chance.ts'

/** The list's servers as this client tries them: by tier, inside a tier by its own private salt. */
export function orderServers(servers: readonly Server[], salt: string): Peer[] {
  return servers
    .map(server => ({ server, score: rendezvousScore(salt, server.url, server.weight) }))
    .sort((a, b) => a.server.tier - b.server.tier || b.score - a.score)
    .map(({ server }) => ({ id: server.url, origin: new URL(server.url).origin, server }))
}

/**
 * The server that a request's URL names: the entry whose URL it lies below (the
 * longest wins), else the one of the same origin, else the bare origin, listed nowhere.
 */
export function askedPeer(url: string, listed: readonly Peer[]): Peer {
  let best: Peer | undefined
  for (const peer of listed) {
    if (url.startsWith(peer.id) && peer.id.length > (best?.id.length ?? 0)) best = peer
  }
  if (best) return best
  const { origin } = new URL(url)
  return listed.find(peer => peer.origin === origin) ?? { id: `${origin}/`, origin }
}

/** Where a request to `url`, asked of `asked`, is found on `peer`: the path below the one goes below the other. */
export function urlOn(peer: Peer, asked: Peer, url: string): string {
  if (peer.id === asked.id) return url
  const below = url.startsWith(asked.id) ? url.slice(asked.id.length) : url.slice(asked.origin.length + 1)
  return peer.id + below
}
