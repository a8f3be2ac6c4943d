import { isRead } from './marks.ts'

/** The first try of a call, sent by the page's own means. Called at most once. */
export type OwnTry = (signal: AbortSignal) => Promise<Response>

/** What carries one API call while no worker does: the cover's part in `carry`. */
export interface Carrier {
  /**
   * Answers a call. `own` is used for the try at the asked server, if there is one; `begun`: that try went
   * out already. Rejects with a `FailoverError`, or the signal's own reason.
   */
  fetch(request: Request, own: OwnTry, begun?: boolean): Promise<Response>
}

/** How long a failure waits for the cover file. */
export const COVER_WAIT_MS = 3_000

/** Answers that declare at most this size are read before the page sees any of it: the core's `holdBytes`. */
const HOLD_BYTES = 256 * 1024

/**
 * Carries one call before or after the cover is there. Before: its first try goes out at once, and only
 * if that fails, or still has no whole answer when the cover comes, the cover takes it over as it stands.
 *
 * @param arrived resolves when the cover is there; with `undefined` if it cannot come
 */
export async function carry(
  request: Request,
  own: OwnTry,
  cover: Carrier | undefined,
  arrived: Promise<Carrier | undefined>,
): Promise<Response> {
  if (cover) return cover.fetch(request, own)
  const { signal } = request
  const control = new AbortController()
  const giveUp = () => control.abort(signal.reason)
  signal.addEventListener('abort', giveUp)
  if (signal.aborted) giveUp()

  const running = own(control.signal)
  const good = running.then(response => whole(response, request.method)).catch(() => undefined)
  const first = await Promise.race([good, arrived])
  if (first instanceof Response) return first
  const late = first ?? (signal.aborted ? undefined : await within(arrived, signal))
  if (signal.aborted || !late) return running
  const begun = true
  const adopt: OwnTry = signal => {
    signal.addEventListener('abort', () => control.abort(signal.reason))
    return running
  }
  return late.fetch(request, adopt, begun)
}

/** A good answer, and a small one only once all of it is there. */
async function whole(response: Response, method: string): Promise<Response | undefined> {
  if (response.status >= 500) return undefined
  const bytes = Number(response.headers.get('content-length'))
  if (bytes && bytes <= HOLD_BYTES && isRead(method)) await response.clone().arrayBuffer()
  return response
}

function within<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise(resolve => {
    const end = () => resolve(undefined)
    const timer = setTimeout(end, COVER_WAIT_MS)
    signal.addEventListener('abort', end)
    promise.then(value => {
      clearTimeout(timer)
      resolve(value)
    }, end)
  })
}
