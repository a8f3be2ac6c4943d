import type { FailureRecord } from '../core/errors.ts'
import { PASS } from '../core/messages.ts'
import type { ServerStatus } from '../core/status.ts'
import type { Lane } from './lane.ts'
import { markUrl } from './marks.ts'
import { isOver, type XhrCall } from './xhr-call.ts'
import type { NativeXhr } from './xhr-native.ts'

/** A server that was not heard from for so long is asked before it gets an upload. */
const HEARD_MS = 5_000
const LOOK_MS = 2_000
/** An upload whose server gave no sign of life for so long is ended; one that may be repeated once its server is found dead. */
const SILENCE_MS = 10_000

/**
 * Sends an upload whose page listens for its progress. Chromium tells none of a request that a worker answers, so
 * it goes past the worker while its server lives, and it is ended here if that server dies meanwhile. To a server that
 * does not answer it goes by the worker, and its page is told at least that it has gone.
 *
 * @param silent its server is as good as dead, or errs; `call.own` ends what is under way
 */
export async function sendUpload(call: XhrCall, native: NativeXhr, lane: Lane, silent: () => void): Promise<void> {
  const { xhr, method, url, headers, body } = call
  const { upload } = xhr
  const server = await ask('warm')
  if (call.control.signal.aborted) return
  call.shown = undefined
  if (!server || (server.state === 'in-service' && Date.now() - (server.heardAt ?? 0) < HEARD_MS)) {
    native.run(xhr, 'open', [method, markUrl(url, PASS, url), true])
    for (const header of headers) native.run(xhr, 'setRequestHeader', header)
    const keyed = headers.some(([name]) => /^idempotency-key$/i.test(name))
    call.again = keyed || /^(PUT|DELETE)$/.test(method)
    watch()
    if (keyed) xhr.addEventListener('readystatechange', moveOnError, { capture: true })
    if (!call.again) xhr.addEventListener('error', tellOfError)
  } else tellAtEnd()
  native.run(xhr, 'send', [body])

  /** An error of its server may be no other server's. */
  function moveOnError(event: Event): void {
    if (call.shown || isOver(call) || native.get(xhr, 'readyState') !== 2 || native.get(xhr, 'status') < 500) return
    event.stopImmediatePropagation()
    giveUpOwn()
  }

  /** The worker has not seen it, and finds out only now whether the server lives. */
  function tellOfError(): void {
    if (call.own || isOver(call)) return
    lane.failure(failureOf(call, 'network error'))
    void lane.ask({ outrigger: 'look', url })
  }

  /** Goes on without what is under way. */
  function giveUpOwn(): void {
    call.own = { giveUp: () => native.run(xhr, 'abort') }
    silent()
  }

  /** What is known of the server. `warm` asks it before, if it was not heard from lately; `look` finds out whether it lives. */
  async function ask(outrigger: 'warm' | 'look'): Promise<ServerStatus | undefined> {
    if (!(await lane.ask({ outrigger, url }))) return undefined
    const { origin } = new URL(url)
    return lane.status().servers.find(server => new URL(server.url).origin === origin)
  }

  function watch(): void {
    const ended = call.ended
    let aliveAt = Date.now()
    let timer = setInterval(async () => {
      const silentMs = () => Date.now() - aliveAt
      const server = silentMs() > LOOK_MS ? await ask(call.again ? 'look' : 'warm') : undefined
      if (!server || !timer) return
      aliveAt = Math.max(aliveAt, server.heardAt ?? 0)
      // One that is found dead by a bad answer to its probe may work on.
      const limitMs = call.again && server.state === 'dead' ? LOOK_MS : SILENCE_MS
      if (silentMs() < limitMs) return
      if (!call.again) lane.failure(failureOf(call, 'silent'))
      giveUpOwn()
    }, LOOK_MS) as unknown as number
    upload.addEventListener('progress', () => {
      aliveAt = Date.now()
    })
    call.ended = () => {
      clearInterval(timer)
      timer = 0
      ended()
    }
  }

  function tellAtEnd(): void {
    let total = 0
    let progressed = false
    let told = false
    const tell = (type: string) =>
      upload.dispatchEvent(new ProgressEvent(type, { loaded: total, total, lengthComputable: total > 0 }))
    upload.addEventListener('loadstart', event => {
      total = event.total
    })
    upload.addEventListener('progress', () => {
      progressed = true
    })
    // Firefox tells of the end alone; the page hears of progress before.
    const end = () => {
      told = true
      if (!progressed) tell('progress')
    }
    upload.addEventListener('load', end, { capture: true })
    call.uploaded = () => {
      if (!told) for (const type of ['progress', 'load', 'loadend']) tell(type)
    }
  }
}

function failureOf({ method, url, sentAt }: XhrCall, reason: string): FailureRecord {
  const { origin, pathname } = new URL(url)
  const at = Date.now()
  const ms = at - sentAt
  const request = `${method} ${pathname}`
  return {
    code: 'unrepeatable',
    message: `${request} failed after ${ms} ms: it may not be sent twice`,
    tries: [{ server: `${origin}/`, ms, reason }],
    sent: 'unknown',
    request,
    at,
  }
}
