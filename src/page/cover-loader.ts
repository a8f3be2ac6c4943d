import type { Problem } from '../core/status.ts'
import type { Cover, CreateCover } from './cover.ts'

export interface CoverLoader {
  /** False: nobody said how to get it, or for which calls. */
  possible: boolean
  now(): Cover | undefined
  /** Loads it, once; `undefined` if it cannot come. */
  load(): Promise<Cover | undefined>
}

/** Fetches the cover's code when it is first needed and starts it. */
export function createCoverLoader(
  source: (() => Promise<CreateCover>) | false | '' | undefined,
  problem: (problem: Problem) => void,
  start: (create: CreateCover) => Promise<Cover>,
): CoverLoader {
  let cover: Cover | undefined
  let coming: Promise<Cover | undefined> | undefined

  async function fetchAndStart(): Promise<Cover | undefined> {
    if (!source) return undefined
    try {
      cover = await start(await source())
      return cover
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      problem({ code: 'cover', message: `the page's own cover is not there, only the worker helps: ${why}` })
      return undefined
    }
  }

  return {
    possible: Boolean(source),
    now: () => cover,
    load() {
      coming ??= fetchAndStart()
      return coming
    },
  }
}
