import { isOver, speak, type XhrCall } from './xhr-call.ts'
import type { NativeXhr } from './xhr-native.ts'

/** The engine's own try of a held call, told to the cover as if it were a `fetch`. */
export interface OwnTry {
  response: Promise<Response>
  /** Stands for the engine's answer, with as many bytes as that has; the page never sees it. */
  standIn?: Response
  hear(event: Event): void
  /** Tells the page what was kept back of it; the rest comes by itself. */
  release(): void
  /** Ends it without a word. */
  giveUp(): void
}

/** Sends the call by the engine's own means. */
export function sendOwn(call: XhrCall, native: NativeXhr): OwnTry {
  const { xhr } = call
  let body: ReadableStreamDefaultController<Uint8Array> | undefined
  let ended: 'load' | 'error' | undefined
  let last = { loaded: 0, total: 0 }
  let resolve!: (response: Response) => void
  let reject!: (error: unknown) => void

  function standIn(): void {
    const status = native.get(xhr, 'status')
    if (status < 200 || status > 599) return own.release()
    const headers = new Headers()
    for (const line of (native.run(xhr, 'getAllResponseHeaders') as string).split('\r\n')) {
      const at = line.indexOf(':')
      if (at > 0) headers.append(line.slice(0, at), line.slice(at + 1).trim())
    }
    const empty = /^(204|205|304)$/.test(String(status))
    const start = (controller: typeof body) => {
      body = controller
    }
    const cancel = () => start(undefined)
    own.standIn = new Response(empty ? null : new ReadableStream({ start, cancel }), { status, headers })
    // Across origins it cannot be seen whether the body was packed, and its declared length that of the packed one.
    if (new URL(call.url).origin !== location.origin) Object.defineProperty(own.standIn, 'type', { value: 'cors' })
    resolve(own.standIn)
  }

  function fail(error: unknown): void {
    ended = 'error'
    reject(error)
    body?.error(error)
  }

  const own: OwnTry = {
    response: new Promise((...both) => {
      ;[resolve, reject] = both
    }),
    hear(event) {
      const { type } = event
      if (type === 'readystatechange' && native.get(xhr, 'readyState') === 2) standIn()
      if (type === 'progress') {
        const { loaded, total, lengthComputable } = event as ProgressEvent
        if (loaded > last.loaded) body?.enqueue(new Uint8Array(loaded - last.loaded))
        last = { loaded, total: lengthComputable ? total : 0 }
      }
      if (type === 'load') {
        ended = type
        body?.close()
      }
      if (type === 'error' || type === 'abort') fail(new TypeError('Failed to fetch'))
    },
    release() {
      const now = native.get(xhr, 'readyState')
      call.shown = undefined
      const tell = (type: string) => isOver(call) || speak(call, type, last.loaded, last.total)
      for (let state = ended === 'error' ? 4 : 2; state <= now; state++) {
        if (state === 4 && ended === 'load') tell('progress')
        call.replayed = state
        tell('readystatechange')
      }
      call.replayed = undefined
      if (!ended) return
      tell(ended)
      tell('loadend')
    },
    giveUp() {
      call.own = undefined
      fail(new DOMException('given up', 'AbortError'))
      native.run(xhr, 'abort')
    },
  }
  call.own = own
  own.response.catch(() => {})
  native.run(xhr, 'send', [call.body])
  return own
}
