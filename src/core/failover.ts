import type { CoreOptions } from './options.ts'
import type { Ports, Sending } from './ports.ts'
import type { CoreStatus, Problem } from './status.ts'
import type { Call, Outcome, ServerList } from './types.ts'

/** What a look at one server found. `unknown`: nobody answers, so nobody is blamed. */
export type Verdict = 'answers' | 'dead' | 'unknown'

/** The failover core of one client: every realm wraps this one. */
export interface Failover {
  /** Sends one call. `settle` is called exactly once, synchronously or later, unless `abort` came first. */
  fetch(call: Call, settle: (outcome: Outcome) => void): Sending
  /** Takes a list into use; the first one may come at any time, until then only the asked server is asked. */
  use(list: ServerList): void
  list(): ServerList | undefined
  /** Takes in what an earlier life, or another tab, remembered; anything unreadable in it is left out field by field. */
  restore(saved: unknown): void
  /** What must survive this process: plain data. */
  memory(): unknown
  /**
   * Tells of an answer (any status) to something sent by others than the core at `sentAt`:
   * a navigation, a shell file, a list. It is a witness, and below 500 a good probe of its server.
   */
  heard(url: string, sentAt: number, status: number): void
  /** Asks whether the server of `url` lives, as for a request that has waited too long. Shared, at most one probe a second. */
  look(url: string, end: (verdict: Verdict) => void): void
  /** Probes the server of `url` if it was not heard from lately, so that a write need not wait. */
  warm(url: string): void
  /** False while the server of `url` is ejected, backed off or suspect. */
  inService(url: string): boolean
  /** Shows a problem in the status, once per code and message; `undefined` as message takes all of that code away. */
  problem(code: Problem['code'], message: string | undefined): void
  status(): CoreStatus
  /** Calls `listener` after every change of the status. Returns how to stop. */
  subscribe(listener: () => void): () => void
}

export function createFailover(_options: CoreOptions, _ports: Ports): Failover {
  throw new Error('not built yet')
}
