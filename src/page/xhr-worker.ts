import type { Lane } from './lane.ts'
import { isRead } from './marks.ts'
import { noAnswer } from './xhr-answer.ts'
import { finish, isOver, requestOf, speak, type XhrCall } from './xhr-call.ts'
import type { NativeXhr } from './xhr-native.ts'
import { present } from './xhr-present.ts'

/**
 * Hears the engine's events of a call that the worker answers. What it changes:
 *
 * - a read that failed unseen is asked again, if the worker died meanwhile;
 * - in Chromium a body that breaks off behind a worker ends in `abort`: the page gets `error`, as without one;
 * - a timeout is told to the worker, as an abort is.
 */
export function hearWorker(
  call: XhrCall,
  event: Event,
  native: NativeXhr,
  lane: Lane,
  fetch: typeof window.fetch,
): void {
  const { type } = event
  const state = native.get(call.xhr, 'readyState')
  const failed = state === 4 && !native.get(call.xhr, 'status')
  if (type === 'readystatechange') {
    call.lost = failed && !call.seen && isRead(call.method)
    if (call.lost) event.stopImmediatePropagation()
    else if (state > 1) call.seen = true
    return
  }
  if (type === 'timeout') lane.gaveUp(call.id)
  const broken = type === 'error' || (type === 'abort' && !isOver(call))
  if (call.lost) {
    call.lost = false
    if (!broken) return speak(call, 'readystatechange')
    event.stopImmediatePropagation()
    call.shown = noAnswer(1)
    void askAgain(call, lane, fetch)
  } else if (broken && type === 'abort') {
    event.stopImmediatePropagation()
    speak(call, 'error')
  }
}

async function askAgain(call: XhrCall, lane: Lane, fetch: typeof window.fetch): Promise<void> {
  try {
    const request = requestOf(call)
    if (!request || !(await lane.revived(call.life))) throw 0
    await present(call, await fetch(request))
  } catch {
    if (!isOver(call)) finish(call, 'error')
  }
}
