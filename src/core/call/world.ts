import type { FailureRecord } from '../errors.ts'
import type { Tuning } from '../options.ts'
import type { Clock, Outgoing, Transport } from '../ports.ts'
import type { Answer, Call, Peer, State } from '../types.ts'
import type { Bucket } from './bucket.ts'
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
  streams?: boolean
  leavesRoom(): boolean
  started(): void
}

/** All that one request needs of the rest of the core, in the parts that `failover.ts` joins. */
export interface World {
  readonly tuning: Tuning
  readonly clock: Clock
  readonly transport: Transport
  /** Tokens for moves, after a failure or past a body that stands still; and others for races with what is merely slow. */
  readonly bucket: Bucket
  readonly races: Bucket
  readonly rescue: Rescue
  /** Reads may be raced at all. */
  readonly overtake: boolean

  /** How soon a server answers when it answers soon, in milliseconds; a guess where that is not known. */
  quickMs(id: string): number

  readonly witness: {
    /** A moment to send at. */
    stamp(): number
    /** Another origin than this answered to something sent later. */
    against(origin: string, stamp: number): boolean
  }
  /** `promptAt`: when the last request went out that it answered well, and sooner than one never seen is raced; 0: never. */
  standing(id: string): { readonly promptAt: number }
  readonly fleet: {
    of(id: string): { readonly heardAt: number }
    heardAny(): number
    /** It answered something within this time. */
    heardWithin(id: string, ms: number): boolean
    /** Ejected, or backed off on its own word. */
    isOut(id: string): boolean
    ejections(): number
  }
  readonly servers: {
    /** The servers for this call, best first: in service, then suspects, then the ejected. */
    order(call: Call, repeatable: boolean, asked: Peer): Peer[]
    inService(id: string): boolean
    /** Reads must stay where this client has just written. */
    wroteLately(): boolean
    wrote(peer: Peer, call: Call, moved: boolean): void
  }
  readonly slots: {
    open(origin: string, place: Place): void
    close(origin: string, place: Place): void
    /** Holds it to be on the wire from now on, if it was not before. */
    start(place: Place): void
    /** Requests without headers, or with a body that is held back, for so long. */
    late(origin: string, ms: number): number
  }
  readonly probes: {
    ask(peer: Peer, limitMs: number, since: number, end: (asked: Asked) => void): void
  }
  /** What a request tells of its servers. */
  readonly reports: {
    sending(peer: Peer): void
    /** Its answer to something sent at `sentAt` was taken. */
    answered(peer: Peer, sentAt: number): void
    /** Another server answered well what this one failed. */
    bettered(peer: Peer): void
    /** It is accused of a request that failed at once, a body that broke off, a 5xx, or a probe unanswered. */
    accuse(peer: Peer, charge: 'failed' | 'torn' | 'error' | 'silent', doubt?: Outgoing): void
    /** Its answer shows nothing of these headers, which the asked server's have. */
    hides(peer: Peer, headers: readonly string[]): void
    backOff(peer: Peer, ms: number): void
    lostRace(loser: Loser): void
    /** Requests under way elsewhere because this server failed them. */
    evidence(peer: Peer, change: 1 | -1): void
    evidenceOpen(peer: Peer): boolean
  }

  urlOn(peer: Peer, asked: Peer, url: string): string
  kind(call: Call): Kind
  /** The list has servers for this call that may not be sent its credentials. */
  lacksCredentials(call: Call, asked: Peer): boolean
  /** Headers came in answer to a try that went out at `stamp`. */
  heard(peer: Peer, stamp: number, answer: Answer): void
  /** How long no look is worth its probes, in milliseconds; 0: none. */
  pauseMs(): number
  look(waiting: Look, end: (verdict: 'answers' | 'dead' | 'unknown', silent: readonly Peer[]) => void): void
  /** Whose fault it is that a request sent at `stamp` got no answer. */
  diagnose(stamp: number, end: (state: State) => void): void
  failed(record: FailureRecord): void
}

/** A try that another server's overtook: to whom it went out, when, and its headers if they had come. */
export interface Loser {
  peer: Peer
  stamp: number
  answer?: Answer | undefined
}

export interface Look {
  peer: Peer
  stamp: number
  others: readonly Peer[]
  long: boolean
  noted?(peer: Peer, asked: Asked): void
}
