import type { Answer, Call, Server } from './types.ts'

/** Wall time and waiting. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Calls `then` once after `ms`, and soon if that is less than nothing; the returned function calls it off. */
  after(ms: number, then: () => void): () => void
}

/** A number from 0 (included) to 1 (excluded). */
export type Random = () => number

/** One try, ready to be sent. */
export interface Outgoing {
  call: Call
  /** Absolute; for the asked server the call's own URL. */
  url: string
  /** The list's entry, or `undefined` for the asked server, which gets the request exactly as made. */
  server?: Server
}

/** How far a body is read before the page sees any of it. */
export interface Hold {
  bytes: number
  /** Let go with the first byte that comes after this. */
  ms: number
  /** … and after this, though it stands still. */
  longestMs: number
}

/**
 * What a transport reports of one try, in this order: `headers` and then, if that
 * asked to hold the body, `progress` as bytes come and one of `held` or `broken`.
 * Instead of all that: `failed`. Nothing after `abort`, nor twice.
 */
export interface TryEvents {
  /** Returns how much of the body to hold; `undefined` lets it pass. */
  headers(answer: Answer): Hold | undefined
  progress(): void
  /** The body is whole, or as much of it came as was asked to hold. */
  held(): void
  /** The body ended in an error while it was held. */
  broken(reason: string): void
  /** No answer came. */
  failed(reason: string): void
}

export interface Sending {
  /** Ends the try and what is still coming of its body. */
  abort(): void
}

/** A question that only asks whether a server lives. */
export interface Probe {
  url: string
  method: 'GET' | 'HEAD'
}

/** `undefined`: refused or broken. `status` 0: something answered, but unreadable (opaque). */
export type ProbeEnd = { status: number } | undefined

export interface Transport {
  send(outgoing: Outgoing, events: TryEvents): Sending
  /** Asks without credentials, own headers or caches; first by CORS, then `no-cors`. Calls `end` once, at most. */
  probe(probe: Probe, end: (end: ProbeEnd) => void): Sending
  /** The engine sends it by other connections than a probe, which then leaves however many of its kind are open. */
  apart(outgoing: Outgoing): boolean
  /** Calls `then` when the body of an answer that was let pass is over, where somebody tells, and perhaps again. */
  whenOver(outgoing: Outgoing, then: () => void): void
  /** What this server must allow for the call, each the end of an `Access-Control-Allow-…` line. */
  needs(call: Call, server?: Server): Readonly<Record<string, unknown>>
  /** Asks a living server what it does not allow of a try that failed there; ends with nothing if that is not why. */
  examine(outgoing: Outgoing, end: (refused: string[]) => void): void
  /** `navigator.onLine`, where there is one. False alone says the network is gone; true proves nothing. */
  online(): boolean | undefined
}

/** Where something is remembered from one life to the next. */
export interface Store {
  load(): Promise<unknown>
  /** The last state wins. */
  save(state: unknown): void
}

/** Everything the core gets from outside. */
export interface Ports {
  clock: Clock
  random: Random
  transport: Transport
  /** Hears of every change of memory: `urgent` for an ejection, a return, a new list. */
  changed?(urgent: boolean): void
}
