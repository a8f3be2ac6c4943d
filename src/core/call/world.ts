import type { FailureRecord } from '../errors.ts'
import type { Tuning } from '../options.ts'
import type { Clock, Transport } from '../ports.ts'
import type { Answer, Call, Peer, State } from '../types.ts'
import type { Bucket } from './bucket.ts'
import type { Nature } from './repeat.ts'
import type { Rescue } from './rescue.ts'
import type { Kind } from './samples.ts'

/** What came of a probe, as far as a request cares. */
export interface Asked {
  answered: boolean
  ms: number
  reason: string
  status?: number
}

/** One request open to an origin, as the count of connections sees it. */
export interface Place {
  startedAt?: number
  streamingSince?: number
  overdue(ageMs: number): boolean
  started(): void
}

/** What a server is accused of: a request that failed at once, one answered 5xx, or a probe unanswered. */
export type Charge = 'failed' | 'error' | 'silent'

/** All that one request needs of the rest of the core; `failover.ts` makes it. */
export interface World {
  readonly tuning: Tuning
  readonly clock: Clock
  readonly transport: Transport
  readonly bucket: Bucket
  readonly rescue: Rescue
  /** Reads may be raced at all. */
  readonly overtake: boolean

  /** A moment to send at, and whether another origin than this answered to something sent later. */
  stamp(): number
  witnessed(origin: string, stamp: number): boolean

  /** The servers for this call, best first: in service, then suspects, then the ejected. */
  order(call: Call, nature: Nature, asked: Peer): Peer[]
  /** The list has servers for this call that may not be sent its credentials. */
  lacksCredentials(call: Call, asked: Peer): boolean
  urlOn(peer: Peer, asked: Peer, url: string): string
  kind(call: Call): Kind
  places: {
    open(origin: string, place: Place): void
    close(origin: string, place: Place): void
    streams(place: Place): void
  }

  inService(peer: Peer): boolean
  /** Ejected, or backed off on its own word. */
  isOut(peer: Peer): boolean
  heardAt(peer: Peer): number
  heardAny(): number
  /** Another request is waiting on this server for longer than any look would let it. */
  keepsWaiting(peer: Peer): boolean
  /** Reads must stay where this client has just written. */
  wroteLately(): boolean
  wrote(peer: Peer, call: Call, moved: boolean): void

  sending(peer: Peer): void
  /** Headers came in answer to a try that went out at `stamp`. */
  heard(peer: Peer, stamp: number, answer: Answer): void
  /** Its answer to something sent at `sentAt` was taken. */
  answered(peer: Peer, sentAt: number): void
  /** Another server answered well what this one failed. */
  bettered(peer: Peer): void
  accuse(peer: Peer, stamp: number, charge: Charge): void
  backOff(peer: Peer, ms: number): void
  lostRace(peer: Peer, sentAt: number): void
  ejections(): number
  /** Requests under way elsewhere because this server failed them. */
  evidence(peer: Peer, change: 1 | -1): void
  evidenceOpen(peer: Peer): boolean

  probe(peer: Peer, limitMs: number, since: number, end: (asked: Asked) => void): void
  look(waiting: Look, end: (verdict: 'answers' | 'dead' | 'unknown') => void): void
  /** Whose fault it is that a request sent at `stamp` got no answer. */
  diagnose(stamp: number, end: (state: State) => void): void
  failed(record: FailureRecord): void
}

export interface Look {
  peer: Peer
  stamp: number
  others: readonly Peer[]
  note(peer: Peer, asked: Asked): void
}
