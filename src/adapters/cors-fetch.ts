import type { Outgoing, Probe, ProbeEnd, Sending, Transport, TryEvents } from '../core/ports.ts'
import type { Answer } from '../core/types.ts'
import { whenOver } from './body-ends.ts'
import type { Handle } from './call.ts'
import { corsNeeds, findRefusal } from './cors-refusal.ts'
import { type Holding, holdBody } from './hold.ts'
import { bodyOf, mirrorRequest } from './mirror-request.ts'
import { readUpTo } from './read-up-to.ts'
import { isOwn, isWebKit, realmFetch } from './system.ts'

export { ask, given, toResponse } from './answer.ts'
export { asksForEvents, type CallExtra, toCall } from './call.ts'

const inWorker = 'ServiceWorkerGlobalScope' in globalThis

export interface TransportOptions {
  /** Default: the realm's own. */
  fetch?: typeof fetch
  /** Default: `navigator.onLine`, where there is one. */
  online?: () => boolean | undefined
}

/** Sends tries by `fetch`: the asked server gets the very request, others one made for them, over CORS. */
export function createTransport(options: TransportOptions = {}): Transport {
  const send = options.fetch ?? realmFetch
  return {
    send: (outgoing, events) => sendTry(send, outgoing, events),
    probe: (probe, end) => sendProbe(send, probe, end),
    apart: hasOwnConnections,
    whenOver,
    needs: corsNeeds,
    examine: (outgoing, end) => void findRefusal(send, outgoing).then(end),
    online: options.online ?? (() => (typeof navigator === 'undefined' ? undefined : navigator.onLine)),
  }
}

/**
 * Chromium and Firefox keep what goes with cookies and what goes without on different connections, six of each to an
 * HTTP/1.1 server; WebKit does not. Outside browsers there is no limit.
 */
function hasOwnConnections({ call, server }: Outgoing): boolean {
  return typeof location === 'undefined' || (call.cookies && !server && !isWebKit())
}

function sendTry(send: typeof fetch, outgoing: Outgoing, events: TryEvents): Sending {
  const handle = outgoing.call.handle as Handle
  const controller = new AbortController()
  const { signal: theirs } = handle
  let { signal } = controller
  // WebKit loses what `any` has made while a body comes. In a worker each call has a signal of its own; elsewhere listeners
  // would gather on one that lives for long.
  if (inWorker) theirs?.addEventListener('abort', () => controller.abort(theirs.reason))
  else if (theirs) signal = AbortSignal.any([signal, theirs])
  let over = false
  let holding: Holding | undefined

  start(send, outgoing, handle, signal).then(
    response => {
      if (over) return
      const answer = toAnswer(response)
      const hold = events.headers(answer)
      if (!hold || over) return
      holding = holdBody(response, hold, events, plainLength(response, answer.lengthBytes))
      answer.handle = holding.response
    },
    () => {
      if (over) return
      over = true
      events.failed('network error')
    },
  )
  return {
    abort() {
      over = true
      holding?.stop()
      controller.abort(theirs?.reason)
    },
  }
}

async function start(send: typeof fetch, { call, url, server }: Outgoing, handle: Handle, signal: AbortSignal) {
  const { request } = handle
  const { referrer, referrerPolicy, redirect } = request
  // Behind a worker the page checks digests itself: then a wrong one is no failure of a server. Keys make Chromium ask for
  // a signature.
  const integrity = inWorker ? request.integrity.replace(/\bsha-?\d+-\S*/gi, '') : request.integrity
  const init = { signal, referrer, referrerPolicy, integrity }
  // Nothing is waited for without need: the request would leave behind the probes of its servers.
  if (server) return send(mirrorRequest(call, url, server, init, call.hasBody ? await bodyOf(handle) : undefined))
  // Its body is gone after the first try, so what may be repeated leaves a copy behind. `clone` copies nothing by itself.
  const mayRepeat = call.repeatable ?? (call.idempotencyKey || !/^(POST|PATCH)$/.test(call.method))
  if (call.hasBody && mayRepeat && !request.bodyUsed) handle.twin ??= request.clone()
  // A signal is the only way to end a try that is never answered, and six of those would keep every probe from leaving.
  // Any init makes `fetch` forget the referrer, so that it is named again; a mode of `navigate` bears no init at all.
  // In Chromium 156 the one thing lost is `Sec-CH-UA*` of a worker's tries. To `no-cors`, as media have it, it costs `Range`.
  if (/^n/.test(request.mode)) return send(request)
  // A redirect that the page wants none of is an answer of the server, not a failure: `given` makes the error.
  return send(request, { ...init, redirect: redirect === 'error' ? 'manual' : redirect })
}

/** Headers that apps read, and across origins see only if they are exposed. */
const telling = ['ETag', 'Link', 'Location']

const digits = /^\d+$/

function toAnswer(response: Response): Answer {
  const { headers, status, type } = response
  const length = headers.get('content-length') ?? ''
  return {
    status: type === 'opaqueredirect' ? 302 : status,
    type: (headers.get('content-type') ?? '').split(';', 1)[0]!.trim().toLowerCase(),
    lengthBytes: digits.test(length) ? Number(length) : undefined,
    shown: telling.filter(name => headers.has(name)),
    retryAfterMs:
      status === 429 || status === 503 ? parseRetryAfter(headers.get('retry-after') ?? '', Date.now()) : undefined,
    handle: response,
  }
}

/**
 * The declared length, where it is that of the bytes we read. A body that was unpacked on
 * the way has another, and across origins `Content-Encoding` cannot be seen.
 */
function plainLength({ headers, type }: Response, lengthBytes: number | undefined): number | undefined {
  return type === 'cors' || headers.has('content-encoding') ? undefined : lengthBytes
}

/** Milliseconds out of `Retry-After`, which holds seconds or a date; `undefined` for anything else. */
export function parseRetryAfter(value: string, now: number): number | undefined {
  if (digits.test(value)) return Number(value) * 1000
  const at = /^[A-Z][a-z]/.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}

/** Bytes of a probe's answer that are read so that its connection can be used again. */
const drainBytes = 65_536

/** … for at most this long: bodies that stall would soon hold all six connections to their server, also after it is well again. */
const drainMs = 300

function sendProbe(send: typeof fetch, { url, method }: Probe, end: (end: ProbeEnd) => void): Sending {
  const controller = new AbortController()
  const ask = (mode: RequestMode) =>
    send(url, { method, mode, cache: 'no-store', credentials: 'omit', signal: controller.signal })
  // Only a browser refuses to show an answer, and never one of the page's own origin.
  const hides = typeof location !== 'undefined' && !isOwn(url)
  ask('cors')
    .catch(error => (hides && !controller.signal.aborted ? ask('no-cors') : Promise.reject(error)))
    .then(
      response => {
        if (controller.signal.aborted) return
        end({ status: response.status })
        const timer = setTimeout(() => controller.abort(), drainMs)
        readUpTo(drainBytes, response)
          .catch(() => {})
          .finally(() => clearTimeout(timer))
      },
      () => {
        if (!controller.signal.aborted) end(undefined)
      },
    )
  return { abort: () => controller.abort() }
}
