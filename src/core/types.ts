import type { FailureRecord } from './errors.ts'
import type { Tuning } from './options.ts'

/** What may travel to a server other than the asked one: nothing, `Authorization` and own headers, or cookies too. */
export type Credentials = 'omit' | 'headers' | 'include'

/** How a server is reached: found out (`auto`), by CORS, through a frame on its domain, or by a script tag. */
export type TransportKind = 'auto' | 'cors' | 'bridge' | 'script'

/** How the first server of a request is chosen. */
export type Policy = 'primary' | 'balanced' | 'random'

/** One server of a list, every field filled in. */
export interface Server {
  /** Absolute, ends in `/`; a request's path is appended below it. */
  url: string
  /** Share of the work inside its tier; default 1. */
  weight: number
  /** Lower tiers are used first; default 0. */
  tier: number
  zone?: string
  /** Default `auto`. */
  transport: TransportKind
  /** Default `omit`. */
  credentials: Credentials
  /** False: a read-only replica that gets GET, HEAD and OPTIONS alone. Default true. */
  writes: boolean
}

/** A server as a request sees it: an entry of the list, or the asked origin alone. */
export interface Peer {
  /** The list entry's URL, or the asked origin with a slash. */
  id: string
  origin: string
  /** Absent when the list does not name the asked origin. */
  server?: Server
}

/** A server list after parsing: what `servers.json` says, defaults filled in. */
export interface ServerList {
  version?: number
  /** Wall time in milliseconds. */
  issuedAt?: number
  /** Wall time in milliseconds. */
  expiresAt?: number
  servers: Server[]
  /** Absolute URLs where fresher copies of this list can be had. */
  sources: string[]
  /** Path (below each server) or absolute URL that tells whether a server lives. */
  probe?: string
  /** Absolute URLs outside our servers whose answers prove the network. */
  witnesses: string[]
  policy: Policy
  defaults: Partial<Tuning>
}

/** One request as the core sees it. */
export interface Call {
  /** Upper case. */
  method: string
  /** Absolute, without a fragment. */
  url: string
  /** The request carries an `Authorization` header. */
  authorization: boolean
  /** The browser may add cookies for the asked origin. */
  cookies: boolean
  /** The request carries an `Idempotency-Key`. */
  idempotencyKey: boolean
  hasBody: boolean
  /** Its answer is to be passed on as it comes: event streams and ranges. */
  streams: boolean
  /** False: never sent to a second server, whatever its method. True: a `POST` that only asks. Default: by its method. */
  repeatable?: boolean
  /** True: its try at the asked server went out before the core was there, so that is its first one, whatever is known. */
  begun?: boolean
  /** The realm's own request; only the transport looks at it. */
  handle: unknown
}

/** One answer as the core sees it. */
export interface Answer {
  status: number
  /** Milliseconds to stay away, from the `Retry-After` of a 429 or 503. */
  retryAfterMs?: number
  /** `Content-Type` without parameters, lower case; empty when there is none. */
  type: string
  /** From `Content-Length`; `undefined` when not declared. */
  lengthBytes?: number
  /** Which of `ETag`, `Link` and `Location` can be read. */
  shown?: readonly string[]
  /** The realm's own response; only the transport looks at it. */
  handle: unknown
}

/** How a call ended. `asked`: the answer is the asked server's own, to be passed on untouched. */
export type Outcome = { answer: Answer; server: string; asked: boolean } | { error: FailureRecord }

/** What a server's record says about using it now. */
export type ServerState =
  | 'in-service'
  | 'suspect' // failed or silent just now, the verdict is open
  | 'dead' // ejected: refused or silent while another answered
  | 'slow' // ejected: raced and clearly lost, twice
  | 'erring' // ejected: answered 5xx where another did better
  | 'backed-off' // said 429 or 503 with Retry-After
  | 'returning' // its ejection is over, good probes are counted

/** The closed vocabulary of `status.state`. */
export type State = 'ok' | 'degraded' | 'server-down' | 'network-down' | 'unknown'
