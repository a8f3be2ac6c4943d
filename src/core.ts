import { createFailover } from './core/failover.ts'
import { CORE } from './core/messages.ts'

/** `outrigger-core.js`: leaves the core where the cover looks for it. */
Object.assign(globalThis, { [CORE]: createFailover })
