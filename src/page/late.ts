import type { createFailover } from '../core/failover.ts'
import { createCover } from './cover.ts'
import { explain } from './no-worker.ts'
import { removeTraces } from './traces.ts'
import { sendUpload } from './xhr-upload.ts'

/** What the page side needs seldom or a little later; the script tag has it in a file of its own. */
export const late = { createCover, removeTraces, explain, sendUpload }

/** With the core that the cover is made of, on its way. */
export type Late = typeof late & { core: Promise<typeof createFailover> }
