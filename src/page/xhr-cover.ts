import { carry } from './carry.ts'
import type { Lane } from './lane.ts'
import { noAnswer } from './xhr-answer.ts'
import { finish, isOver, requestOf, speak, type XhrCall } from './xhr-call.ts'
import type { NativeXhr } from './xhr-native.ts'
import { sendOwn } from './xhr-own.ts'
import { present } from './xhr-present.ts'

/** Sends a call that the page's own cover carries. False if it can only go by the engine. */
export function sendCovered(call: XhrCall, native: NativeXhr, lane: Lane): boolean {
  const request = requestOf(call)
  if (!request) return false
  const { timeout } = call.xhr
  const unlessOver = (then: () => unknown) => !isOver(call) && then()
  call.shown = noAnswer(1)
  // The engine's own ends with its own try.
  const late = timeout > 0 && setTimeout(() => unlessOver(() => finish(call, 'timeout')), timeout)
  call.ended = () => clearTimeout(late || 0)
  const own = (signal: AbortSignal) => {
    const sent = sendOwn(call, native)
    signal.addEventListener('abort', () => call.own === sent && call.shown && sent.giveUp())
    return sent.response
  }
  carry(request, own, lane.cover(), lane.arrived).then(
    response =>
      unlessOver(() => {
        const { own } = call
        if (response === own?.standIn) return own.release!()
        own?.giveUp()
        return present(call, response)
      }),
    () => unlessOver(() => finish(call, 'error')),
  )
  if (!call.started) speak(call, 'loadstart')
  call.started = true
  return true
}
