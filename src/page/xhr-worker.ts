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
    call.lost = failed && !call.seen && (call.again || isRead(call.method))
    if (call.lost) event.stopImmediatePropagation()
    else if (state > 1 && !failed) {
      if (!call.seen) call.uploaded?.()
      call.seen = true
    }
    return
  }
  if (type === 'timeout') lane.gaveUp(call.id)
  // Before the headers only the person's or the page's own stop ends in `abort`.
  const broken = type === 'error' || (type === 'abort' && call.seen && !isOver(call))
  if (call.lost) {
    call.lost = false
    if (!broken) return speak(call, 'readystatechange')
    event.stopImmediatePropagation()
    void askAgain(call, lane, fetch)
  } else if (broken && type === 'abort') {
    event.stopImmediatePropagation()
    speak(call, 'error')
  }
}

/** Sends an upload whose page listens for its progress. */
export async function uploadBeside(call: XhrCall, native: NativeXhr, lane: Lane, fetch: typeof window.fetch) {
  call.shown = noAnswer(1)
  const late = await lane.late().catch(() => undefined)
  if (isOver(call)) return
  if (late)
    return late.sendUpload(call, native, lane, () => {
      if (call.again) return askAgain(call, lane, fetch)
      finish(call, 'error')
    })
  call.shown = undefined
  native.run(call.xhr, 'send', [call.body])
}

/** Sends it by `fetch`, if that makes sense, and shows what comes. */
async function askAgain(call: XhrCall, lane: Lane, fetch: typeof window.fetch): Promise<void> {
  call.shown = noAnswer(1)
  call.own?.giveUp()
  try {
    const request = requestOf(call)
    if (!request || !(call.again || (await lane.revived(call.life, request.url)))) throw 0
    await present(call, await fetch(request))
  } catch {
    if (!isOver(call)) finish(call, 'error')
  }
}
