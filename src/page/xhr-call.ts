import type { Way } from './lane.ts'
import { noAnswer, type XhrAnswer } from './xhr-answer.ts'
import type { OwnTry } from './xhr-own.ts'

/** What belongs to one `open` of an `XMLHttpRequest`; the next `open` begins another one. */
export interface XhrCall {
  readonly xhr: XMLHttpRequest
  way: Way
  /** Upper case. */
  method: string
  /** Absolute. */
  url: string
  /** Its mark, if the worker has it. */
  id: string
  headers: [string, string][]
  sentAt: number
  mime?: string | undefined
  body?: Body
  /** Aborted when it is over, or no longer the one of its object. */
  control: AbortController
  /** Set while the engine's own answer is kept back. */
  shown?: XhrAnswer | undefined
  /** A `readyState` that is told after its time. */
  replayed?: number | undefined
  /** The engine's part in a call of the cover. */
  own?: (Partial<OwnTry> & Pick<OwnTry, 'giveUp'>) | undefined
  /** It may be sent twice. */
  again?: boolean
  /** Its body has arrived. */
  uploaded?(): void
  /** `loadstart` was told. */
  started?: boolean
  /** The page has seen something of the answer. */
  seen?: boolean
  /** It failed, and the page does not know yet. */
  lost?: boolean
  life?: string | undefined
  /** Its body no longer comes. */
  ended(): void
}

export type Body = Document | XMLHttpRequestBodyInit | null | undefined

export function isOver({ control }: XhrCall): boolean {
  return control.signal.aborted
}

/** Tells the page of an event; the engine's own ones are known by `isTrusted`. */
export function speak({ xhr, shown, ended }: XhrCall, type: string, loaded = 0, total = shown?.total ?? 0): void {
  if (type === 'loadend') ended()
  const details = { loaded, total: total || loaded, lengthComputable: total > 0 && loaded <= total }
  xhr.dispatchEvent(type === 'readystatechange' ? new Event(type) : new ProgressEvent(type, details))
}

/** Ends the call without an answer, as the engine does: state, then why, then the end. */
export function finish(call: XhrCall, why: 'error' | 'timeout' | 'abort'): void {
  const end = noAnswer(4)
  call.shown = end
  call.control.abort()
  call.own?.giveUp()
  for (const type of ['readystatechange', why, 'loadend']) if (call.shown === end) speak(call, type)
  if (why === 'abort' && call.shown === end) end.readyState = 0
}

/** The same call for `fetch`, or nothing if there is no such thing. */
export function requestOf({ xhr, url, method, headers, body, control }: XhrCall): Request | undefined {
  if (body instanceof Document) return undefined
  try {
    return new Request(url, {
      method,
      headers,
      body: body ?? null,
      credentials: xhr.withCredentials ? 'include' : 'same-origin',
      signal: control.signal,
    })
  } catch {
    return undefined
  }
}
