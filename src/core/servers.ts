import { pathOf } from './call/kind.ts'
import { isRead } from './call/repeat.ts'
import type { Fleet } from './health/fleet.ts'
import type { Standing } from './health/standing.ts'
import type { Memory } from './memory.ts'
import { isWithin } from './moments.ts'
import type { Tuning } from './options.ts'
import { lacksCredentials, mayTake, sortForUse } from './pick/candidates.ts'
import { askedPeer, orderServers } from './pick/order.ts'
import { noWrites, stayWith, wrote } from './pick/sticky.ts'
import type { Probe, Random, Transport } from './ports.ts'
import type { Call, Peer, ServerList } from './types.ts'

/** How long one read may be the trial of a returning server. */
const TRIAL_MS = 10_000

/** How long a server that erred stands behind the others; milliseconds. */
const ERRING_MS = 10_000

/** So many accusations without a good answer in between, and writes no longer go to the first server first. */
const MOST_ACCUSED = 3

/** The servers that this client knows, and who comes first. */
export interface Servers {
  list(): ServerList | undefined
  use(list: ServerList): void
  /** Takes in an earlier life's order and last write, unless this one has used its own. */
  restore(memory: Partial<Pick<Memory, 'salt' | 'writes'>>): void
  memory(): Pick<Memory, 'salt' | 'writes'>
  /** The server that `url` names, listed or not; from then on it is known. */
  asked(url: string): Peer
  /** The same, without getting to know it. */
  named(url: string): Peer
  known(id: string): Peer | undefined
  ids(): string[]
  /** All for requests to this server, as the policy has them, whatever their health. */
  inPolicyOrder(asked: Peer): Peer[]
  /** The servers for this call, best first: in service, then suspects, then the ejected. */
  order(call: Call, repeatable: boolean, asked: Peer): Peer[]
  /** All but this one, the ejected last. */
  others(peer: Peer): Peer[]
  /** Who would be asked first for `url`, or where there is none, for the list's first server. */
  current(url: string | undefined): Peer | undefined
  inService(id: string): boolean
  /** Listed servers for this call that may not be sent its credentials. */
  lacking(call: Call, asked: Peer): Peer[]
  /** Reads must stay where this client has just written. */
  wroteLately(): boolean
  wrote(peer: Peer, call: Call, moved: boolean): void
  /** Where a server is asked whether it lives; `apiPath` if the list does not say. */
  probe(peer: Peer, apiPath: string): Probe
}

export interface ServersPorts {
  now(): number
  random: Random
  tuning: Tuning
  fleet: Fleet
  transport: Pick<Transport, 'needs'>
  standing(id: string): Standing
}

export function createServers({ now, random, tuning, fleet, transport, standing }: ServersPorts): Servers {
  const peers = new Map<string, Peer>()
  let list: ServerList | undefined
  let ordered: Peer[] = []
  let salt = Array.from({ length: 4 }, () => random().toString(36).slice(2)).join('')
  let writes = noWrites()

  const named = (url: string) => askedPeer(url, ordered)
  const stay = (path: string, read: boolean) => stayWith(writes, path, read, tuning.afterWriteMs, now())

  function arrange(): void {
    const usable = list?.servers.filter(({ transport }) => transport === 'auto' || transport === 'cors')
    ordered = orderServers(usable ?? [], salt)
  }

  function inPolicyOrder(asked: Peer): Peer[] {
    return list && list.policy !== 'primary' ? ordered : [asked, ...without(ordered, asked)]
  }

  function refuses({ id, server }: Peer, call: Call): boolean {
    const { refused, refusedUntil } = standing(id)
    return refusedUntil > now() && refused.some(line => line in transport.needs(call, server))
  }

  function sort(all: Peer[], stateOf = ({ id }: Peer) => fleet.stateOf(id)): Peer[] {
    return sortForUse(all, stateOf, ({ id }) => fleet.of(id).out?.since ?? 0)
  }

  return {
    list: () => list,
    use(next) {
      list = next
      arrange()
      const unlisted = [...peers.values()].filter(peer => !peer.server && named(peer.id).id === peer.id)
      peers.clear()
      for (const peer of [...ordered, ...unlisted]) peers.set(peer.id, peer)
      for (const id of peers.keys()) standing(id).refusedUntil = 0
      fleet.enlist([...peers.keys()])
    },
    restore(memory) {
      salt = memory.salt ?? salt
      writes = memory.writes ?? writes
      arrange()
    },
    memory: () => ({ salt, writes }),
    asked(url) {
      const peer = named(url)
      peers.set(peer.id, peer)
      fleet.of(peer.id)
      return peer
    },
    named,
    known: id => peers.get(id),
    ids: () => [...peers.keys()],
    inPolicyOrder,
    order(call, repeatable, asked) {
      const read = repeatable || isRead(call.method)
      const able = inPolicyOrder(asked).filter(peer => mayTake(peer, call, read, asked))
      const [first, ...rest] = able
      const trial = read && first && fleet.fit(first.id) && !isWithin(standing(first.id).trialAt, TRIAL_MS, now())
      for (const { id } of rest) if (fleet.fit(id)) fleet.readmit(id)
      const sorted = sort(able, peer => {
        if (trial && peer === first) return 'in-service'
        // It may have been one bad moment: where there is nobody else it is asked all the same.
        if (peer.id !== asked.id && refuses(peer, call)) return 'returning'
        const state = fleet.stateOf(peer.id)
        // A mirror that erred just now is asked last of those that seem well, however good its probes. So is the first one
        // for a write, when it has done nothing else lately: reads that fail find out a better one, writes do not.
        if (peer === first && (read || standing(peer.id).accused < MOST_ACCUSED)) return state
        return state === 'in-service' && isWithin(standing(peer.id).erredAt, ERRING_MS, now()) ? 'suspect' : state
      })
      const pinned = stay(read ? '' : pathOf(call.url), read)
      const there = sorted.find(({ id }) => id === pinned && fleet.inService(id))
      return there ? [there, ...without(sorted, there)] : sorted
    },
    others: peer => sort(without(ordered, peer)),
    current(url) {
      const asked = url ? named(url) : ordered[0]
      return asked && sort(inPolicyOrder(asked))[0]
    },
    inService: fleet.inService,
    lacking: (call, asked) => without(ordered, asked).filter(peer => lacksCredentials(peer, call)),
    wroteLately: () => stay('', true) !== undefined,
    wrote: (peer, call, moved) => wrote(writes, peer, pathOf(call.url), moved, now()),
    probe(peer, apiPath) {
      const { probe } = list ?? {}
      return {
        url: new URL((probe ?? apiPath).replace(/^\/(?!\/)/, ''), peer.id).href,
        method: probe ? 'GET' : 'HEAD',
      }
    },
  }
}

function without(peers: readonly Peer[], { id }: Peer): Peer[] {
  return peers.filter(peer => peer.id !== id)
}
