import { addRoutes } from './routes.ts'
import { checkOptions, type OutriggerOptions } from './settings.ts'
import { type OutriggerWorker, startWorker } from './worker.ts'

export type { Status } from '../src/core/status.ts'
export type { OutriggerOptions, OutriggerWorker }

/**
 * Starts failover in a service worker. To be called while the worker's script is
 * evaluated, behind the app's own routes that should win, before those that should get
 * what is left. Takes no control of open pages and skips no waiting unless asked to.
 *
 * @throws FailoverError (a TypeError) at once for an unknown option or one of the wrong
 *   type, and when called twice
 */
export function outrigger(options: OutriggerOptions): OutriggerWorker {
  return startWorker(checkOptions(options), addRoutes)
}
