import type { Hold, TryEvents } from '../core/ports.ts'
import { remake } from './look-like.ts'
import { clock } from './system.ts'

export interface Holding {
  /** The response to pass on, unread. */
  response: Response
  /** Ends the reading without another event. */
  stop(): void
}

/** A body that declares no more comes in one packet: nothing is learnt by counting, and read at once it costs less. */
const PACKET_BYTES = 1_400

/**
 * Reads a body before the page sees any of it, from a clone: the response itself stays
 * unread and keeps its `url`, `type` and `redirected`. What was read waits in the
 * response, so it stays within `hold.bytes` plus one chunk.
 */
export function holdBody(response: Response, hold: Hold, events: TryEvents, declaredBytes?: number): Holding {
  const [kept, copy] = twice(response)
  const least = Math.min(declaredBytes ?? 0, hold.bytes)
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined
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
      reader?.cancel().catch(() => {})
    })
  const lateAt = clock.now() + hold.ms
  const callOff = clock.after(hold.longestMs, held)
  const bytes = least && least <= PACKET_BYTES ? copy.arrayBuffer().then(({ byteLength }) => byteLength) : read()
  bytes
    .then(bytes => (bytes < least ? Promise.reject() : held()))
    .catch(() => finish(() => events.broken('body broke off')))
  // Not cancelled here: whoever stops the reading aborts the fetch too.
  return { response: kept, stop: () => finish(() => {}) }

  async function read(): Promise<number> {
    let bytes = 0
    // None at all is an empty one.
    reader = copy.body?.getReader()
    // The last declared byte comes a moment before the word that it was the last.
    while (reader && bytes < (least || hold.bytes)) {
      const { done, value } = await reader.read()
      if (done || over) break
      bytes += value.byteLength
      events.progress()
      if (clock.now() > lateAt) break
    }
    return bytes
  }
}

/**
 * The response and a second look at its body. Not by `clone` in Node: where one half of its
 * clone was cancelled, an abort of the fetch is an unhandled rejection and ends the process.
 */
function twice(response: Response): [Response, Response] {
  if (typeof location !== 'undefined' || !response.body) return [response, response.clone()]
  const [own, copy] = response.body.tee()
  return [remake(response, own), new Response(copy)]
}
