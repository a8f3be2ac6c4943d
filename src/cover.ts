import { createCover } from './page/cover.ts'
import { COVER } from './page/cover-script.ts'

/** `outrigger-cover.js`: leaves the cover's code where the script tag looks for it. */
Object.assign(globalThis, { [COVER]: createCover })
