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
  /** Longest list that is read; default 1,000,000. */
  maxBytes?: number
}

/** Fetches the text of a server list, asking the server whether a cached one is still good. */
export type FetchText = (url: string) => Promise<ListAnswer>

/** @throws (its promise) an Error whose message says in a few words what went wrong */
export function createListSource(options: ListSourceOptions = {}): FetchText {
  const { fetch: send = (input, init) => fetch(input, init), timeoutMs = 5_000, maxBytes = 1_000_000 } = options
  return async url => {
    const signal = AbortSignal.timeout(timeoutMs)
    try {
      const response = await send(url, { cache: 'no-cache', credentials: 'same-origin', signal })
      return { text: await readText(response, maxBytes), status: response.status, url: response.url || url }
    } catch (error) {
      if (error instanceof TooLong) throw error
      throw new Error(signal.aborted ? `gave no whole answer within ${timeoutMs / 1000} s` : 'could not be reached')
    }
  }
}

class TooLong extends Error {}

async function readText({ body }: Response, maxBytes: number): Promise<string> {
  const reader = body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (let bytes = 0; reader; ) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.byteLength
    if (bytes > maxBytes) {
      reader.cancel().catch(() => {})
      throw new TooLong(`is over ${maxBytes / 1_000_000} MB`)
    }
    text += decoder.decode(value, { stream: true })
  }
  return text + decoder.decode()
}
