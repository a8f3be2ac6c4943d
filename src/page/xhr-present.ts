import { answerOf, decoderOf } from './xhr-answer.ts'
import { finish, isOver, speak, type XhrCall } from './xhr-call.ts'

/** Between two `progress` events, as the standard has it. */
const SPACING_MS = 50

/** Shows the page an answer that did not come by the engine's own try. */
export async function present(call: XhrCall, response: Response): Promise<void> {
  if (isOver(call)) return
  const answer = answerOf(response, call.url)
  const parts: Uint8Array<ArrayBuffer>[] = []
  let loaded = 0
  let told = 0
  let toldAt = 0
  const tell = (readyState: number, ...types: string[]) => {
    answer.readyState = readyState
    for (const type of types) if (!isOver(call) && call.shown === answer) speak(call, type, loaded)
    told = loaded
    toldAt = performance.now()
  }
  call.shown = answer
  tell(2, 'readystatechange')
  try {
    const decoder = decoderOf(mimeOf(call))
    const reader = response.body?.getReader()
    for (;;) {
      const { value, done } = (await reader?.read()) ?? { done: true }
      if (isOver(call)) return
      answer.text += decoder.decode(value, { stream: !done })
      if (done) break
      parts.push(value)
      loaded += value.byteLength
      if (performance.now() - toldAt > SPACING_MS || answer.readyState === 2) tell(3, 'readystatechange', 'progress')
    }
    answer.body = await new Blob(parts).arrayBuffer()
  } catch {
    if (!isOver(call)) finish(call, 'error')
    return
  }
  if (loaded > told) tell(3, 'progress')
  tell(4, 'readystatechange', 'load', 'loadend')
}

/** Of the answer that is shown. */
export function mimeOf({ mime, shown }: XhrCall): string {
  return mime ?? shown?.headers.get('content-type') ?? ''
}
