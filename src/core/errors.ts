/** Why a call failed, as the caller sees it. A closed list: a new code is added here first, then handled everywhere. */
export type FailureCode =
  | 'offline' // the person's own network is gone
  | 'unreachable' // no server answered, and nothing proves whose fault it is, or the servers are down
  | 'unrepeatable' // it failed once and may not be sent twice
  | 'credentials' // the servers left would need credentials that the list does not allow them
  | 'bad-list' // a server list is unreadable or may not be used
  | 'bad-option' // an option is unknown or of the wrong type

/** One try or probe at one server. */
export interface Try {
  /** Origin and path of the server; never the query, credentials or headers of the request. */
  server: string
  /** HTTP status, or `undefined` when no answer arrived. */
  status?: number
  /** Milliseconds from its start to its end. */
  ms: number
  /** In a few words: `refused`, `silent`, `answered 503`, `body broke off` … */
  reason: string
  /** True for a probe: a question whether the server lives, not the request itself. */
  probe?: boolean
}

/** Whether a failed write may have reached a server. */
export type Sent = 'no' | 'unknown'

/** A `FailoverError` as plain data, for crossing between page, worker and frame. */
export interface FailureRecord {
  code: FailureCode
  message: string
  /** Every try in the order made; empty when nothing was sent. */
  tries: readonly Try[]
  /** For a write: `no` if certainly no server got it. */
  sent?: Sent
  /** Method and path of the request, without its query. */
  request?: string
  /** Wall time in milliseconds. */
  at?: number
}

/**
 * The only error this package makes. A caller's own abort reason passes through
 * untouched, as with `fetch`.
 *
 * It is a `TypeError` because `fetch` rejects with one when the network fails, so
 * code written for plain `fetch` keeps working.
 */
export class FailoverError extends TypeError {
  override readonly name = 'FailoverError'
  declare readonly code: FailureCode
  declare readonly tries: readonly Try[]
  declare readonly sent: Sent | undefined
  /** The same as plain data: structured clone keeps neither `name` nor `code`. */
  declare readonly record: FailureRecord

  constructor(record: FailureRecord, cause?: unknown) {
    super(record.message, { cause })
    this.code = record.code
    this.tries = record.tries
    this.sent = record.sent
    this.record = record
  }
}

/** True for a `FailoverError`, also one made by another copy of this package. */
export function isFailoverError(value: unknown): value is FailoverError {
  return value instanceof Error && value.name === 'FailoverError' && 'code' in value
}
