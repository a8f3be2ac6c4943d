import { late } from './page/late.ts'
import { LATE } from './page/late-script.ts'

/** `outrigger-cover.js`: leaves its code where the script tag looks for it. */
Object.assign(globalThis, { [LATE]: late })
