import type { Fault } from './faults.ts'

/** One request as a server of the farm saw it. */
export interface Hit {
  /** Counts the requests of one server. */
  number: number
  method: string
  /** With its query. */
  path: string
  /** Wall time in milliseconds. */
  at: number
  /** `Idempotency-Key`, or else `X-Request-Id`, of the request. */
  id?: string
  /** `Origin` of the request. */
  origin?: string
  /** Status of the answer, once its headers went out. */
  status?: number
  endedAt?: number
  /** True: the connection ended before the answer did. */
  aborted?: boolean
}

/** One write that a server carried out. */
export interface LedgerEntry {
  id: string
  /** Index of the server in the farm. */
  server: number
  at: number
}

/** A fixed answer for one path. */
export interface Page {
  status?: number
  headers?: Record<string, string>
  body?: string
  /** Milliseconds before headers. */
  ms?: number
}

/** What a server's process is told when it starts, as JSON in its environment. */
export interface ServerSetup {
  index: number
  host: string
  port: number
  /** Folders searched in turn for what is not an endpoint. */
  files: string[]
  cors: boolean
  corsCredentials: boolean
  /** Every answer says `Connection: close`. */
  close: boolean
  /** The text of `/servers.json`. */
  list: string
  pages: Record<string, Page>
  fault: Fault
}

/** Name of the environment variable that carries a `ServerSetup`. */
export const SETUP = 'OUTRIGGER_FAULTY_SERVER'

export type ToServer =
  | { type: 'fault'; fault: Fault; turn: number }
  | { type: 'list'; list: string; turn: number }
  | { type: 'page'; path: string; page: Page | null; turn: number }
  | { type: 'settle'; turn: number }
  | { type: 'board'; board: unknown; turn: number }

export type FromServer =
  | { type: 'listening'; port: number }
  | { type: 'taken'; port: number; reason: string }
  | { type: 'done'; turn: number }
  | { type: 'hit'; hit: Hit }
  | { type: 'answered'; number: number; status?: number; endedAt: number; aborted: boolean }
  | { type: 'applied'; id: string; at: number }
  | { type: 'board'; turn: number; write?: unknown }
