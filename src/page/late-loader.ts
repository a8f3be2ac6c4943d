import type { Problem } from '../core/status.ts'
import type { Cover } from './cover.ts'
import type { Late } from './late.ts'

/** A cover that did not load is tried again by a call that comes later than this. */
const AGAIN_MS = 5_000

export interface CoverHolder {
  /** The cover, if it works already. */
  now(): Cover | undefined
  /** Starts it, once; `undefined` if it cannot come now. */
  load(): Promise<Cover | undefined>
}

/** Fetches what comes late when it is first needed, and again after a failure. */
export function createLateLoader(source: () => Promise<Late>): () => Promise<Late> {
  let coming: Promise<Late> | undefined
  return () => {
    coming ??= source().catch(error => {
      coming = undefined
      throw error
    })
    return coming
  }
}

/** Holds the page's own cover, which is started when it is first needed. */
export function createCoverHolder(
  load: () => Promise<Late>,
  start: (late: Late) => Promise<Cover>,
  problem: (problem: Problem) => void,
): CoverHolder {
  let cover: Cover | undefined
  let coming: Promise<Cover | undefined> | undefined
  let told = false

  async function bring(): Promise<Cover | undefined> {
    try {
      cover = await start(await load())
      return cover
    } catch (error) {
      setTimeout(() => {
        coming = undefined
      }, AGAIN_MS)
      if (told) return undefined
      told = true
      const { name, message } = error as Error
      // The servers named here are bad, and the worker is told the same.
      const ours = name === 'FailoverError'
      const who = ours ? 'nor can the worker with these settings' : 'only the worker can'
      problem({
        code: ours ? 'option' : 'cover',
        message: `the page cannot cover its own requests, ${who}: ${message.replace('Outrigger: ', '')}`,
      })
      return undefined
    }
  }

  return {
    now: () => cover,
    load() {
      coming ??= bring()
      return coming
    },
  }
}
