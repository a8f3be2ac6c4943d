import type { FailureRecord } from './errors.ts'
import type { ServerState, State } from './types.ts'

/** Something a person who runs the app should know or mend. */
export interface Problem {
  /** A stable word to test for: `list`, `option`, `shell`, `no-worker`, `cors`, `credentials`, `shallow-probe`, `storage` … */
  code: string
  /** What, where, and what to do. */
  message: string
}

export interface ServerStatus {
  url: string
  state: ServerState
  /** When it got into this state; wall time in milliseconds. */
  since?: number
  /** Until when it is left alone; wall time in milliseconds. */
  until?: number
  /** When it was last heard from. */
  heardAt?: number
}

/** What `outrigger.status` holds: plain data, the same in every tab. */
export interface Status {
  state: State
  servers: ServerStatus[]
  /** The server that the next request goes to first. */
  current?: string
  problems: Problem[]
  /** The last 20 failures, newest last. */
  failures: FailureRecord[]
  /** Where the list in use came from and when. */
  list?: { source: string; version?: number; at: number; servers: number }
  /** `active`: a worker answers; `none`: the page's own cover alone; `off`: switched off. */
  worker?: 'active' | 'none' | 'off'
}

/** What the rules alone can tell; a door adds list and worker. */
export type CoreStatus = Pick<Status, 'state' | 'servers' | 'current' | 'problems' | 'failures'>
