import { readUpTo } from './read-up-to.ts'
import { realmFetch } from './system.ts'

/** Longest list that is read. */
const maxBytes = 1_000_000

/** An answer to the question for a list, whatever its status. */
export interface ListAnswer {
  text: string
  status: number
  /** Where it came from in the end, after redirects. */
  url: string
}

export interface ListSourceOptions {
  /** Default: the realm's own. */
  fetch?: typeof fetch
  /** For the whole of it, headers and body; default 5,000. */
  timeoutMs?: number
}

/** Fetches the text of a server list, asking the server whether a cached one is still good. */
export type FetchText = (url: string) => Promise<ListAnswer>

/** @throws (its promise) an Error whose message says in a few words what went wrong */
export function createListSource(options: ListSourceOptions = {}): FetchText {
  const { fetch: send = realmFetch, timeoutMs = 5_000 } = options
  return async url => {
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      const response = await send(url, { cache: 'no-cache', signal })
      const body = await readUpTo(maxBytes, response)
      if (body) return { text: await body.text(), status: response.status, url: response.url || url }
    } catch {
      throw new Error(signal.aborted ? 'gave no whole answer in time' : 'could not be reached')
    }
    throw new Error('is over 1 MB')
  }
}
