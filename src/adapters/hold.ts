import type { Hold, TryEvents } from '../core/ports.ts'
import { remake } from './look-like.ts'
import { clock } from './system.ts'

export interface Holding {
  /** The response to pass on, unread. */
  response: Response
  /** Ends the reading without another event. */
  stop(): void
}

/**
 * Reads a body before the page sees any of it, from a clone: the response itself stays
 * unread and keeps its `url`, `type` and `redirected`. What was read waits in the
 * response, so it stays within `hold.bytes` plus one chunk.
 */
export function holdBody(response: Response, hold: Hold, events: TryEvents, declaredBytes?: number): Holding {
  const [kept, copy] = twice(response)
  const reader = copy.getReader()
  const enough = Math.min(declaredBytes ?? hold.bytes, hold.bytes)
  let over = false
  const finish = (then: () => void) => {
    if (over) return
    over = true
    callOff()
    then()
  }
  const held = () =>
    finish(() => {
      events.held()
      // Our half alone: the response goes on.
      reader.cancel().catch(() => {})
    })
  const callOff = clock.after(hold.ms, held)
  read(0).catch(() => finish(() => events.broken('body broke off')))
  // Not cancelled here: whoever stops the reading aborts the fetch too.
  return { response: kept, stop: () => finish(() => {}) }

  async function read(bytes: number): Promise<void> {
    // The last declared byte comes a moment before the word that it was the last.
    while (bytes < enough) {
      const { done, value } = await reader.read()
      if (over) return
      if (done) break
      bytes += value.byteLength
      events.progress()
    }
    if (declaredBytes !== undefined && bytes < enough) finish(() => events.broken('body too short'))
    else held()
  }
}

/**
 * The response and a second look at its body. Not by `clone` in Node: where one half of its
 * clone was cancelled, an abort of the fetch is an unhandled rejection and ends the process.
 */
function twice(response: Response): [Response, ReadableStream<Uint8Array>] {
  if (typeof location !== 'undefined') return [response, response.clone().body!]
  const [own, copy] = response.body!.tee()
  return [remake(response, own), copy]
}
