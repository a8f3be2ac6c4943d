export type { Status } from '../src/core/status.ts'
export type { OutriggerOptions } from './settings.ts'
export { type OutriggerWorker, outrigger } from './worker.ts'
