import type { Call, Server } from '../core/types.ts'
import type { Handle } from './call.ts'

/** Headers that any server may get: those that CORS lets pass, ranges, validators, and the key against double writes. */
const harmless = /^(accept(-language)?|content-(language|type)|range|if-.+|idempotency-key|last-event-id)$/

/** Headers that speak of the browser or of the asked server; those of the connection no browser lets be set. */
const own =
  /^(host|content-length|cookie|origin|referer|user-agent|dnt|upgrade.*|priority|proxy-.+|sec-.+|accept-encoding|service-worker.*)$/

/**
 * Builds the request for a server other than the asked one, by hand:
 *
 * - never `new Request(url, request)`: a body sent that way is refused by Chromium and
 *   WebKit and arrives empty from Firefox, with a 200;
 * - only what the server's `credentials` allow travels;
 * - with a body, `Authorization` or headers of the page's own no redirect is followed, for it may lead anywhere;
 *   cookies are the browser's own business;
 * - all in it, for an init beside it would make `fetch` forget the referrer.
 */
export function mirrorRequest(call: Call, url: string, server: Server, init: RequestInit, content?: Blob): Request {
  const handle = call.handle as Handle
  const { request } = handle
  const { method, mode, cache } = request
  const body = content?.size ? content : null
  const headers = headersFor(request, server.credentials)
  const secret = body || [...headers.keys()].some(name => !/^(accept|content-|range|if-)/.test(name))
  handle.base = call.url.slice(0, call.url.length - url.length + server.url.length)
  return new Request(url, {
    ...init,
    method,
    headers,
    body,
    mode: 'cors',
    credentials: call.cookies && server.credentials === 'include' ? 'include' : 'omit',
    cache,
    redirect: !secret && (mode === 'navigate' || request.redirect === 'follow') ? 'follow' : 'manual',
  })
}

/** The body, which every server gets: read from a copy, for the asked server's own turn may come later. */
export function bodyOf(handle: Handle): Promise<Blob> {
  handle.body ??= (handle.twin ?? handle.request.clone()).blob()
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
    const cookie = typeof location === 'undefined' && credentials === 'include' && name === 'cookie'
    if (mayTravel || cookie) kept.append(name, value)
  })
  return kept
}
