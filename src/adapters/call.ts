import type { Call } from '../core/types.ts'
import { isOwn } from './system.ts'

/** What a transport keeps of one request: `Call.handle`. */
export interface Handle {
  request: Request
  /** The caller's own; ends every try and the body of the answer. */
  signal?: AbortSignal
  /** A clone with an unread body, kept by the first try for a second one. */
  twin?: Request
  /** The asked server's URL, as far as that of another stands in for it. */
  base?: string
  /** The body, read once for every server that is not asked by the request itself. */
  body?: Promise<Blob>
}

/** What the door knows of a call and the request itself does not tell. */
export type CallExtra = Partial<Pick<Call, 'repeatable' | 'begun' | 'hasBody' | 'cookies' | 'streams'>> & {
  /** The caller's signal, where it is not the request's own. */
  signal?: AbortSignal
}

/** Reads a request into the plain data that the core decides by. The request itself is kept as it is. */
export function toCall(request: Request, extra: CallExtra = {}): Call {
  const { signal, ...fields } = extra
  const { headers } = request
  const handle: Handle = { request, signal }
  return {
    method: request.method,
    url: request.url.split('#', 1)[0]!,
    authorization: headers.has('authorization'),
    cookies: carriesCookies(request),
    idempotencyKey: headers.has('idempotency-key'),
    hasBody: carriesBody(request),
    streams: headers.has('range') || asksForEvents(headers),
    ...fields,
    handle,
  }
}

/** Who takes events among other types is told by the type of the answer what it got. */
export function asksForEvents(headers: Headers): boolean {
  return !!headers.get('accept')?.startsWith('text/event-stream')
}

/** Firefox has no `Request.body`: there every method that may have a body is taken to have one. */
function carriesBody({ body, method }: Request): boolean {
  return body === undefined ? !/^(GET|HEAD)$/.test(method) : body !== null
}

function carriesCookies({ credentials, url, headers }: Request): boolean {
  // Outside browsers there is no cookie jar, but a `Cookie` header may be set by hand.
  if (typeof location === 'undefined') return headers.has('cookie')
  return credentials === 'include' || (credentials === 'same-origin' && isOwn(url))
}
