import { ONCE } from '../core/messages.ts'

let calls = 0

/** A word that no other call of this page, nor of another tab, carries. */
export function callId(method: string): string {
  calls += 1
  return `${calls.toString(36)}-${Math.random().toString(36).slice(2, 10)}${isOnce(method) ? ONCE : ''}`
}

/** Methods that are sent once, unless there is a key. */
export function isOnce(method: string): boolean {
  return /^(post|patch)$/i.test(method)
}

/** The URL with our word as its fragment, which reaches a worker and nobody else. */
export function markUrl(url: string | URL, word: string, base: string): string {
  const marked = new URL(url, base)
  marked.hash = word
  return marked.href
}

/**
 * The same for whatever `fetch` takes. A `Request` that may have a body is left as it is: a body
 * cannot be handed from one `Request` to another in every engine.
 */
export function markInput(input: RequestInfo | URL, word: string, base: string): RequestInfo | URL {
  if (!(input instanceof Request)) return markUrl(input, word, base)
  return isRead(input.method) ? new Request(markUrl(input.url, word, base), input) : input
}

/** Methods that never have a body and may be asked again unseen. */
export function isRead(method: string): boolean {
  return /^(get|head)$/i.test(method)
}
