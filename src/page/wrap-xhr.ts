// biome-ignore-all lint/complexity/noArguments: which are missing is for the engine to say
import { CALL, PASS } from '../core/messages.ts'
import { type Lane, urlOf } from './lane.ts'
import { callId, isOnce, isRead, markUrl } from './marks.ts'
import { watchUploads } from './upload-listeners.ts'
import { noAnswer } from './xhr-answer.ts'
import { type Body, finish, type XhrCall } from './xhr-call.ts'
import { sendCovered } from './xhr-cover.ts'
import { nativeXhr } from './xhr-native.ts'
import { toldMembers } from './xhr-told.ts'
import { hearWorker, uploadBeside } from './xhr-worker.ts'

const EVENTS = ['readystatechange', 'loadstart', 'progress', 'load', 'error', 'abort', 'timeout', 'loadend']

/**
 * The page's `XMLHttpRequest` with us in front of it: the engine's own, whose prototype gets some members of ours,
 * and whose objects have our listeners as their first. So the page's objects *are* the engine's, upload events,
 * cookies and all. While the engine's answer must not be seen, its events are stopped and another answer is shown.
 */
export function wrapXhr(Native: typeof XMLHttpRequest, fetch: typeof window.fetch, lane: Lane): typeof XMLHttpRequest {
  const { prototype } = Native
  const native = nativeXhr(prototype)
  const listens = watchUploads()
  const calls = new WeakMap<XMLHttpRequest, XhrCall>()

  function begin(xhr: XMLHttpRequest, more?: Partial<XhrCall>): void {
    const before = calls.get(xhr)
    if (before) {
      before.shown = undefined
      before.control.abort()
      before.ended()
    }
    const call: XhrCall = {
      xhr,
      way: 'plain',
      method: '',
      url: '',
      id: '',
      headers: [],
      sentAt: 0,
      mime: before?.mime,
      control: new AbortController(),
      ended() {},
      ...more,
    }
    calls.set(xhr, call)
  }

  function hear(this: XMLHttpRequest, event: Event): void {
    const call = calls.get(this)!
    const { type, isTrusted } = event
    if (!isTrusted) return
    if (type === 'loadend') call.ended()
    if (!call.shown) {
      if (call.way === 'worker') hearWorker(call, event, native, lane, fetch)
    } else if (type === 'loadstart' && !call.started) {
      call.started = true
    } else {
      event.stopImmediatePropagation()
      if (type === 'timeout') finish(call, type)
      else call.own?.hear?.(event)
    }
  }

  // Lengths, and errors about arguments that are missing, stay the engine's.
  const ours = {
    open(this: XMLHttpRequest, method: string, url: string | URL): void {
      const [, , ...rest] = arguments
      if (arguments.length < 2) return void native.run(this, 'open', arguments)
      // Read once and in this order, as the engine does: the page's objects may tell.
      const verb = `${method}`
      const address = `${url}`
      const base = lane.base()
      const target = urlOf(address, base)
      const simple = !rest.length || (rest[0] && rest[1] == null)
      const way = simple && target && calls.has(this) ? lane.way(target) : 'plain'
      const id = callId(verb)
      begin(this, { way, method: verb.toUpperCase(), url: target?.href ?? '', id })
      const marked = way === 'plain' ? address : markUrl(address, way === 'worker' ? CALL + id : PASS, base)
      native.run(this, 'open', [verb, marked, ...rest])
    },

    setRequestHeader(this: XMLHttpRequest, name: string, value: string): void {
      native.run(this, 'setRequestHeader', arguments)
      calls.get(this)?.headers.push([name, value])
    },

    overrideMimeType(this: XMLHttpRequest, mime: string): void {
      native.run(this, 'overrideMimeType', arguments)
      const call = calls.get(this)
      if (call) call.mime = mime
    },

    send(this: XMLHttpRequest, body: Body = null): void {
      const call = calls.get(this)
      if (call?.shown) throw new DOMException('already sent', 'InvalidStateError')
      if (call && call.body === undefined && native.get(this, 'readyState') === 1) {
        call.sentAt = Date.now()
        call.body = isRead(call.method) ? null : body
        if (call.way === 'cover' && sendCovered(call, native, lane)) return
        if (call.way === 'worker') {
          call.life = lane.life()
          if (isOnce(call.method)) lane.sent(call.id)
          call.ended = lane.streams.begin(call.url.split('#')[0]!)
          if (call.body && listens(this.upload)) return void uploadBeside(call, native, lane, fetch)
        }
      }
      native.run(this, 'send', arguments)
    },

    abort(this: XMLHttpRequest): void {
      const call = calls.get(this)
      // An upload that waits for its turn has begun, to the page.
      if (call?.shown && call.way === 'worker' && native.get(this, 'readyState') === 1) {
        call.shown = undefined
        native.run(this, 'send', [call.body])
      }
      if (call?.shown) {
        if (call.shown.readyState < 4) finish(call, 'abort')
        else call.shown = noAnswer(0)
        return
      }
      if (call?.body !== undefined) {
        const state = native.get(this, 'readyState')
        if (call.way === 'worker' && state > 0 && state < 4) lane.gaveUp(call.id)
        call.control.abort()
      }
      native.run(this, 'abort')
    },
  }

  const Wrapped = new Proxy(Native, {
    construct(target, args, made) {
      const xhr: XMLHttpRequest = Reflect.construct(target, args, made)
      begin(xhr)
      // Before all of the page's, of which those that capture come first.
      for (const type of EVENTS) xhr.addEventListener(type, hear, true)
      return xhr
    },
  })
  for (const members of [ours, ...toldMembers(native, calls)])
    Object.defineProperties(prototype, Object.getOwnPropertyDescriptors(members))
  prototype.constructor = Wrapped
  return Wrapped
}
