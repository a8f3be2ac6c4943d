import type { Server } from '../core/types.ts'
import type { Handle } from './call.ts'

/** Headers that any server may get: those that CORS lets pass, ranges, validators, and the key against double writes. */
const harmless =
  /^(accept(-language)?|content-(language|type)|range|if-((none-)?match|(un)?modified-since|range)|idempotency-key|last-event-id)$/

/** Headers that speak of the browser or of the connection to the asked server; a browser adds its own. */
const own =
  /^(host|connection|content-length|cookie2?|origin|referer|user-agent|dnt|te|keep-alive|transfer-encoding|upgrade(-insecure-requests)?|priority|proxy-.+|sec-.+|accept-encoding|service-worker.*)$/

/**
 * Builds the request for a server other than the asked one, by hand:
 *
 * - never `new Request(url, request)`: a body sent that way is refused by Chromium and
 *   WebKit and arrives empty from Firefox, with a 200;
 * - only what the server's `credentials` allow travels;
 * - with a body or credentials no redirect is followed, for it may lead anywhere.
 */
export async function mirrorRequest(handle: Handle, url: string, server: Server, hasBody: boolean): Promise<Request> {
  const { request } = handle
  const body = hasBody ? await bodyOf(handle) : undefined
  const trusted = server.credentials !== 'omit'
  return new Request(url, {
    method: request.method,
    headers: headersFor(request, server.credentials),
    body: body?.size ? body : null,
    mode: 'cors',
    credentials: server.credentials === 'include' ? 'include' : 'omit',
    cache: request.cache === 'only-if-cached' ? 'default' : request.cache,
    redirect: body?.size || trusted || request.redirect === 'error' ? 'error' : 'follow',
    referrerPolicy: request.referrerPolicy,
    integrity: request.integrity,
  })
}

function bodyOf(handle: Handle): Promise<Blob> {
  handle.body ??= (handle.spare ?? handle.request).blob()
  return handle.body
}

/** A read's validators are of the asked server's copy, and each would cost the mirror a preflight. */
const validators = /^if-(none-match|modified-since|range)$/

/** What of a request's headers may go to a server with these `credentials`. */
export function headersFor({ method, headers }: Request, credentials: Server['credentials']): Headers {
  const kept = new Headers()
  const isRead = method === 'GET' || method === 'HEAD'
  headers.forEach((value, name) => {
    const mayTravel = credentials === 'omit' ? harmless.test(name) : !own.test(name)
    // A range of that copy, too: then the whole is asked for.
    if (isRead && (validators.test(name) || (name === 'range' && headers.has('if-range')))) return
    // Outside browsers a cookie is a header like others; only `include` lets it go.
    if (mayTravel || (credentials === 'include' && name === 'cookie')) kept.append(name, value)
  })
  return kept
}
