import type { Status } from './status.ts'

/** Marks a request that the page side has in hand itself: the worker leaves it alone. */
export const PASS = 'outrigger:pass'

/** Marks a request of which the page side speaks by message, its abort or that it goes out: `#outrigger:ID`. */
export const CALL = 'outrigger:'

/** Ends the id of a write that must not be sent twice: the page says `sent` for it. */
export const ONCE = '!'

/** Where a classic file leaves `createFailover` for the page's own cover. */
export const CORE = Symbol.for('outrigger.core')

/** What a page says to the worker, by `postMessage`. Every message is one object with the word `outrigger`. */
export type ToWorker =
  /** Keeps the worker awake while a body streams; it answers nothing. */
  | { outrigger: 'ping' }
  /** Send me the status now. */
  | { outrigger: 'status' }
  /** A write may follow: make sure that the server of `url`, or the first one, was heard from lately; tell the status then. */
  | { outrigger: 'warm'; url?: string }
  /** A stream from the server of `url` broke off, or did not come: does it live? */
  | { outrigger: 'look'; url: string }
  /**
   * The write marked with this id goes out now. When a worker dies under a request, Chromium hands it to the next
   * one, which would send it once more: it has not heard this.
   */
  | { outrigger: 'sent'; id: string }
  /** The page gave up the call that it marked with this id. */
  | { outrigger: 'abort'; id: string }
  /** What the page loaded before the worker was there: URLs for the shell. */
  | { outrigger: 'loaded'; urls: string[] }
  /** Fetch the list anew. */
  | { outrigger: 'update' }
  /** What the page's own cover learned about servers: a memory as `Failover.memory()` gives. */
  | { outrigger: 'news'; memory: unknown }
  /** Delete every cache and database of ours. */
  | { outrigger: 'stop' }

/** What the worker says to every page, on the channel `nameOf(scope)`. */
export type FromWorker = { outrigger: 'status'; status: Status; startId: string } | { outrigger: 'stopped' }

/** What the worker of one scope calls all that is its own: the BroadcastChannel for its tabs, its database, its cache. */
export function nameOf(scope: string): string {
  return `outrigger:${scope}`
}

/** True for a message of ours; anything else on the line is somebody else's. */
export function isToWorker(data: unknown): data is ToWorker {
  return typeof (data as Partial<ToWorker> | null | undefined)?.outrigger === 'string'
}
