import type { Clock } from '../src/core/ports.ts'

/** What pages have said to this life of the worker: by their own ids, and by those of the calls that they marked. */
export interface Heard {
  /** A page has spoken, or says that it sends a call now. */
  note(id: string): void
  /** A page that has spoken keeps the worker awake while bodies stream. */
  has(id: string): boolean
  /**
   * Whether the page sends this call now, as it says by a message that comes before the request or after. A worker
   * that lives for a while has heard of every call that it gets.
   */
  isNew(id: string): boolean | Promise<boolean>
  /** Of this call; aborted already if the message was faster than the request. */
  signal(id: string): AbortSignal
  abort(id: string): void
}

/** More than all pages have in flight; the longest unheard go first. They stay, for an abort may come in the middle of a body. */
const MOST = 1_000

/** What an earlier life left unanswered reaches the next one in its first moments. */
const YOUNG_MS = 5_000

export function createHeard(clock: Clock): Heard {
  const bornAt = clock.now()
  const heard = new Map<string, AbortController>()
  const waiting = new Map<string, (isNew: true) => void>()

  function controller(id: string): AbortController {
    const made = heard.get(id) ?? new AbortController()
    heard.delete(id)
    heard.set(id, made)
    if (heard.size > MOST) heard.delete(heard.keys().next().value!)
    return made
  }

  return {
    note(id) {
      controller(id)
      waiting.get(id)?.(true)
    },
    has: id => heard.has(id),
    isNew: id =>
      heard.has(id) ||
      clock.now() > bornAt + YOUNG_MS ||
      new Promise(resolve => {
        waiting.set(id, resolve)
        clock.after(YOUNG_MS, () => resolve(false))
      }),
    signal: id => controller(id).signal,
    abort: id => controller(id).abort(),
  }
}
