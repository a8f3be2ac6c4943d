import { CALL, PASS } from '../core/messages.ts'
import { carry } from './carry.ts'
import { type Lane, urlOf } from './lane.ts'
import { callId, isOnce, isRead, markInput } from './marks.ts'

type Fetch = typeof fetch

/**
 * The page's `fetch` with us in front of it. Calls that are not ours reach `native` with the very
 * arguments they came with.
 */
export function wrapFetch(native: Fetch, lane: Lane): Fetch {
  const wrapped: Fetch = (input, init) => {
    // What is missing, and what is over before it began, is for the engine to tell.
    const over = input === undefined || (init?.signal ?? (input as Request | null)?.signal)?.aborted
    const url = over ? undefined : urlOf(input, lane.base())
    const way = url ? lane.way(url) : 'plain'
    if (way === 'pass') return native(markInput(input, PASS, lane.base()), init)
    if (way === 'worker') return throughWorker(native, lane, url!, input, init)
    if (way === 'cover') return throughCover(native, lane, input, init)
    return native(input, init)
  }
  // As the engine's own, whose second argument may be left out.
  return Object.defineProperties(wrapped, { name: { value: 'fetch' }, length: { value: 1 } })
}

function throughCover(native: Fetch, lane: Lane, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  // A stream cannot be sent twice; keepalive must outlive the page; an opaque answer cannot be judged.
  if (init?.body instanceof ReadableStream) return native(input, init)
  let request: Request
  try {
    request = new Request(input instanceof Request ? input.clone() : input, init)
  } catch {
    return native(input, init) // which says what is wrong in the engine's own words
  }
  if (request.keepalive || request.mode === 'no-cors') return native(input, init)
  // A `Request` with a body goes as it is: of `init` and marks it could only take what leaves the body alone.
  // Any `init` makes `fetch` forget a request's referrer, so that it is named again.
  const { referrer, referrerPolicy } = request
  const more = input instanceof Request ? { referrer, referrerPolicy, ...init } : init
  const own = (signal: AbortSignal) => native(markInput(input, PASS, lane.base()), { ...more, signal })
  return carry(request, own, lane.cover(), lane.arrived)
}

async function throughWorker(native: Fetch, lane: Lane, url: URL, input: RequestInfo | URL, init?: RequestInit) {
  const made = input instanceof Request ? input : undefined
  const signal = init?.signal ?? made?.signal
  const method = init?.method ?? made?.method ?? 'GET'
  const life = lane.life()
  const id = callId(method)
  const marked = signal || isOnce(method) ? markInput(input, CALL + id, lane.base()) : input
  if (isOnce(method)) lane.sent(id)
  const giveUp = () => lane.gaveUp(id)
  // In Firefox only a word to the worker ends a body that we have looked into.
  const end = lane.streams.begin(url.href.split('#')[0]!, () => signal?.removeEventListener('abort', giveUp))
  signal?.addEventListener('abort', giveUp)
  const again = isRead(method) ? made?.clone() : undefined
  try {
    return await native(marked, init)
  } catch (error) {
    end()
    if (!isRead(method) || signal?.aborted || !(await lane.revived(life, url.href)) || signal?.aborted) throw error
    return native(again ?? input, init)
  }
}
