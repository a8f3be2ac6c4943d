import type { Hold, TryEvents } from '../core/ports.ts'

/**
 * Reads a body before the page sees any of it, from a clone: the response itself stays
 * unread and keeps its `url`, `type` and `redirected`. What was read waits in the
 * response, so it stays within `hold.bytes` plus one chunk.
 *
 * @returns how to stop without another event
 */
export function holdBody(response: Response, hold: Hold, events: TryEvents, declaredBytes?: number): () => void {
  const reader = response.clone().body?.getReader()
  let over = false
  const finish = (then: () => void) => {
    if (over) return
    over = true
    clearTimeout(timer)
    then()
    // The clone's half alone: the response goes on.
    reader?.cancel().catch(() => {})
  }
  const timer = setTimeout(() => finish(() => events.held()), hold.ms)
  read(0).catch(() => finish(() => events.broken('body broke off')))
  return () => finish(() => {})

  async function read(bytes: number): Promise<void> {
    while (reader && bytes < hold.bytes) {
      const { done, value } = await reader.read()
      if (over) return
      if (done) break
      bytes += value.byteLength
      events.progress()
    }
    const short = declaredBytes !== undefined && bytes < Math.min(declaredBytes, hold.bytes)
    finish(() => (reader && short ? events.broken('body too short') : events.held()))
  }
}
