import { CALL, PASS } from '../core/messages.ts'
import { carry } from './carry.ts'
import { type Lane, urlOf, type Way } from './lane.ts'
import { callId, isRead, markUrl } from './marks.ts'
import { answerOf, convert, documentOf, emptyAnswer, headerLines, textOf, type XhrAnswer } from './xhr-answer.ts'

const EVENTS = ['readystatechange', 'loadstart', 'progress', 'load', 'error', 'abort', 'timeout', 'loadend']

/** The engine's own try of a held call: how it is told to the cover as if it were a `fetch`. */
interface OwnSend {
  resolve(response: Response): void
  reject(error: unknown): void
  /** Stands for the engine's answer, with as many bytes as that has; the page never sees it. */
  standIn?: Response
  body?: ReadableStreamDefaultController<Uint8Array>
  loaded: number
  ended?: 'load' | 'error'
}

/**
 * The page's `XMLHttpRequest` with us in front of it. It *is* an engine's one (upload events, cookies
 * and all are the engine's own). While the cover decides, the engine's events are kept back: our
 * listeners are the first on every object and stop the others. Then either they are let go,
 * or the object shows the answer of another server instead.
 */
export function wrapXhr(Native: typeof XMLHttpRequest, fetch: typeof window.fetch, lane: Lane): typeof XMLHttpRequest {
  class Wrapped extends Native {
    #way: Way = 'plain'
    #method = ''
    #url = ''
    #id = ''
    #headers: [string, string][] = []
    #mime: string | undefined
    /** Changes with every `open`, so that what belongs to an earlier call is left alone. */
    #control = new AbortController()
    #held = false
    #answer: XhrAnswer | undefined
    #response: unknown
    #own: OwnSend | undefined
    #started = false
    #speaking = false
    #seen = false
    #lost = false
    #life: string | undefined
    #end: () => void = () => {}
    #shown: number | undefined

    constructor() {
      super()
      for (const type of EVENTS) super.addEventListener(type, event => this.#hear(event))
    }

    override open(method: string, url: string | URL, ...rest: unknown[]): void {
      this.#forget()
      const target = urlOf(url, lane.base())
      const simple = rest.length === 0 || (rest[0] && rest[1] == null)
      this.#way = simple && target ? lane.way(target) : 'plain'
      this.#id = callId()
      const word = this.#way === 'worker' ? CALL + this.#id : PASS
      const marked = this.#way === 'plain' ? url : markUrl(url, word, lane.base())
      ;(super.open as (...args: unknown[]) => void)(method, marked, ...rest)
      this.#method = String(method).toUpperCase()
      this.#url = target?.href ?? ''
    }

    override setRequestHeader(name: string, value: string): void {
      super.setRequestHeader(name, value)
      this.#headers.push([name, value])
    }

    override overrideMimeType(mime: string): void {
      super.overrideMimeType(mime)
      this.#mime = mime
    }

    override send(body?: Document | XMLHttpRequestBodyInit | null): void {
      const ready = super.readyState === 1 && !this.#held
      const request = ready && this.#way === 'cover' ? this.#request(body) : undefined
      if (request) {
        this.#sendCovered(request, body)
        return
      }
      if (ready && this.#way === 'worker') {
        this.#life = lane.life()
        this.#end = lane.streams.begin(this.#url.split('#')[0]!)
      }
      super.send(body)
    }

    override abort(): void {
      if (!this.#held && !(this.#answer && this.#answer.readyState < 4)) {
        if (this.#way === 'worker' && super.readyState === 1) lane.gaveUp(this.#id)
        this.#lost = false
        super.abort()
        if (this.#answer) this.#answer = emptyAnswer(0)
        return
      }
      const answer = this.#finish('abort')
      if (this.#answer === answer) this.#answer = emptyAnswer(0)
    }

    override get readyState(): number {
      return this.#shown ?? this.#answer?.readyState ?? (this.#held ? 1 : super.readyState)
    }

    override get status(): number {
      return this.#answer?.status ?? (this.#held ? 0 : super.status)
    }

    override get statusText(): string {
      return this.#answer?.statusText ?? (this.#held ? '' : super.statusText)
    }

    override get responseURL(): string {
      return this.#answer?.url ?? (this.#held ? '' : super.responseURL)
    }

    override get responseText(): string {
      const isText = this.responseType === '' || this.responseType === 'text'
      if (!isText || !(this.#held || this.#answer)) return super.responseText
      return this.#answer?.body ? textOf(this.#answer.body, this.#type()) : ''
    }

    // biome-ignore lint/suspicious/noExplicitAny: the platform's own type
    override get response(): any {
      if (!this.#held && !this.#answer) return super.response
      if (this.#answer?.readyState !== 4 || this.#answer.status === 0) return this.#isText() ? '' : null
      this.#response ??= convert(this.#answer.body, this.responseType, this.#type())
      return this.#response
    }

    override get responseXML(): Document | null {
      if (!this.#answer && !this.#held) return super.responseXML
      if (this.responseType === 'document') return this.response
      if (this.responseType !== '') return super.responseXML
      return this.#answer?.readyState === 4 ? documentOf(this.#answer.body, this.#type()) : null
    }

    override getResponseHeader(name: string): string | null {
      if (this.#answer) return this.#answer.headers.get(name)
      return this.#held ? null : super.getResponseHeader(name)
    }

    override getAllResponseHeaders(): string {
      if (this.#answer) return headerLines(this.#answer.headers)
      return this.#held ? '' : super.getAllResponseHeaders()
    }

    #isText(): boolean {
      return this.responseType === '' || this.responseType === 'text'
    }

    #type(): string {
      return this.#mime ?? this.#answer?.headers.get('content-type') ?? ''
    }

    #forget(): void {
      this.#control.abort()
      this.#control = new AbortController()
      this.#held = this.#started = this.#seen = this.#lost = false
      this.#answer = this.#response = this.#own = this.#shown = this.#mime = undefined
      this.#headers = []
      this.#end()
    }

    /** The same call for `fetch`, or nothing if there is no such thing. */
    #request(body: Document | XMLHttpRequestBodyInit | null | undefined): Request | undefined {
      if (body instanceof Document) return undefined
      try {
        return new Request(this.#url, {
          method: this.#method,
          headers: this.#headers,
          body: isRead(this.#method) ? null : body,
          credentials: this.withCredentials ? 'include' : 'same-origin',
          signal: this.#control.signal,
        })
      } catch {
        return undefined
      }
    }

    #sendCovered(request: Request, body: Document | XMLHttpRequestBodyInit | null | undefined): void {
      const control = this.#control
      const mine = (then: () => void) => () => control === this.#control && !control.signal.aborted && then()
      this.#held = true
      if (this.timeout > 0) {
        const late = setTimeout(
          mine(() => this.#finish('timeout')),
          this.timeout,
        )
        super.addEventListener('loadend', () => clearTimeout(late), { once: true })
      }
      const own = (signal: AbortSignal) =>
        new Promise<Response>((resolve, reject) => {
          const sent: OwnSend = { resolve, reject, loaded: 0 }
          this.#own = sent
          signal.addEventListener('abort', () => this.#own === sent && this.#shutOwn())
          super.send(body)
        })
      carry(request, own, lane.cover(), lane.arrived).then(
        response => mine(() => (response === this.#own?.standIn ? this.#release() : this.#present(response)))(),
        mine(() => this.#finish('error')),
      )
      if (!this.#started) this.#speak('loadstart')
      this.#started = true
    }

    /** Ends the engine's own try without a word. */
    #shutOwn(): void {
      if (!this.#held && !this.#answer) return
      this.#own?.reject(new DOMException('given up', 'AbortError'))
      this.#own = undefined
      super.abort()
    }

    #hear(event: Event): void {
      if (this.#speaking) return
      if (event.type === 'loadend') this.#end()
      if (!this.#held && !this.#answer) {
        if (this.#way === 'worker') this.#hearWorker(event)
        return
      }
      if (event.type === 'loadstart' && !this.#started) {
        this.#started = true
        return
      }
      event.stopImmediatePropagation()
      if (this.#held && this.#own) this.#hearOwn(event, this.#own)
    }

    #hearOwn(event: Event, own: OwnSend): void {
      if (event.type === 'readystatechange' && super.readyState === 2) this.#standIn(own)
      if (event.type === 'progress') {
        const { loaded } = event as ProgressEvent
        if (loaded > own.loaded) own.body?.enqueue(new Uint8Array(loaded - own.loaded))
        own.loaded = Math.max(own.loaded, loaded)
      }
      if (event.type === 'timeout') this.#finish('timeout')
      if (event.type === 'load') {
        own.ended = 'load'
        own.body?.close()
      }
      if (event.type === 'error' || event.type === 'abort') {
        own.ended = 'error'
        const error = new TypeError('Failed to fetch')
        own.reject(error)
        own.body?.error(error)
      }
    }

    #standIn(own: OwnSend): void {
      const { status, statusText } = { status: super.status, statusText: super.statusText }
      if (status < 200 || status > 599) {
        this.#release()
        return
      }
      const headers = new Headers()
      for (const line of super.getAllResponseHeaders().trim().split(/\r?\n/)) {
        const at = line.indexOf(':')
        if (at > 0) headers.append(line.slice(0, at), line.slice(at + 1).trim())
      }
      const empty = status === 204 || status === 205 || status === 304
      const start = (controller: ReadableStreamDefaultController<Uint8Array>) => {
        own.body = controller
      }
      const cancel = () => {
        own.body = undefined
      }
      const body = empty ? null : new ReadableStream<Uint8Array>({ start, cancel })
      own.standIn = new Response(body, { status, statusText, headers })
      own.resolve(own.standIn)
    }

    #hearWorker(event: Event): void {
      const { readyState, status } = { readyState: super.readyState, status: super.status }
      if (event.type === 'readystatechange') {
        if (readyState === 4 && status === 0 && !this.#seen && isRead(this.#method)) {
          this.#lost = true
          event.stopImmediatePropagation()
        }
        if (readyState > 1 && !this.#lost) this.#seen = true
        return
      }
      if (!this.#lost) return
      if (event.type === 'error') {
        event.stopImmediatePropagation()
        this.#held = true
        this.#askAgain()
      } else if (event.type === 'timeout' || event.type === 'abort') {
        this.#lost = false
        this.#speak('readystatechange')
      }
    }

    #askAgain(): void {
      const control = this.#control
      const request = this.#request(null)
      const again = async () => {
        if (!request || !(await lane.revived(this.#life))) throw new TypeError('Failed to fetch')
        return fetch(request)
      }
      again().then(
        response => {
          if (control === this.#control) return this.#present(response)
        },
        () => {
          if (control === this.#control && !control.signal.aborted) this.#finish('error')
        },
      )
    }

    /** The engine's own answer is the one: what was kept back of it is told, the rest comes by itself. */
    #release(): void {
      const control = this.#control
      const own = this.#own
      const now = super.readyState
      this.#held = false
      for (let state = 2; state <= now && control === this.#control; state++) {
        this.#shown = own?.ended === 'error' ? 4 : state
        if (state === now || own?.ended !== 'error') this.#speak('readystatechange')
      }
      this.#shown = undefined
      if (now !== 4 || control !== this.#control || !own?.ended) return
      if (own.ended === 'load') this.#speak('progress', own.loaded)
      this.#speak(own.ended, own.loaded)
      this.#speak('loadend', own.loaded)
    }

    async #present(response: Response): Promise<void> {
      const control = this.#control
      const answer = answerOf(response, this.#url)
      this.#answer = answer
      this.#held = false
      this.#shutOwn()
      this.#speak('readystatechange')
      const body = await response.arrayBuffer().catch(() => undefined)
      if (control !== this.#control || this.#answer !== answer) return
      if (!body) return void this.#finish('error')
      const loaded = body.byteLength
      answer.body = body
      answer.readyState = 3
      if (loaded > 0) this.#speak('readystatechange')
      if (loaded > 0) this.#speak('progress', loaded)
      if (control !== this.#control || this.#answer !== answer) return
      answer.readyState = 4
      this.#speak('readystatechange')
      this.#speak('load', loaded)
      this.#speak('loadend', loaded)
    }

    /** Ends the call without an answer, as the engine does: state, then why, then the end. */
    #finish(why: 'error' | 'timeout' | 'abort'): XhrAnswer {
      const answer = emptyAnswer(4)
      this.#answer = answer
      this.#held = false
      this.#control.abort()
      this.#shutOwn()
      for (const type of ['readystatechange', why, 'loadend']) if (this.#answer === answer) this.#speak(type)
      return answer
    }

    #speak(type: string, loaded = 0): void {
      const total = this.#answer?.total ?? 0
      const details = { loaded, total: total || loaded, lengthComputable: total > 0 && loaded <= total }
      this.#speaking = true
      try {
        this.dispatchEvent(type === 'readystatechange' ? new Event(type) : new ProgressEvent(type, details))
      } finally {
        this.#speaking = false
      }
    }
  }
  Object.defineProperty(Wrapped, 'name', { value: 'XMLHttpRequest' })
  return Wrapped
}
