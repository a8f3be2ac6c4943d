import { ask, asksForEvents, given, toCall } from '../src/adapters/cors-fetch.ts'
import { isRead } from '../src/core/call/repeat.ts'
import type { Failover } from '../src/core/failover.ts'
import { CALL, ONCE } from '../src/core/messages.ts'
import type { Heard } from './heard.ts'
import { LOOK_MS, type PatiencePorts, patiently } from './patience.ts'
import { askedAhead, isLeftAlone, withoutFragment } from './requests.ts'

/** How long an answer waits for its page to follow a redirect to it; the page is gone if it does not at once. */
const HELD_MS = 5_000

export interface ApiPorts extends PatiencePorts {
  failover: Pick<Failover, 'fetch' | 'list' | 'inService' | 'look' | 'lost'>
  heard: Heard
  fetch(request: Request): Promise<Response>
  isApi(url: URL): boolean
  /** What the settings say: see `Call.repeatable`. */
  repeatable(url: URL): boolean | undefined
  /** Resolves when what was remembered is known, or took too long; `undefined` from then on. */
  waking(): Promise<void> | undefined
  /** Resolves once what was remembered is known, however late. */
  loaded: Promise<void>
  isLoaded(): boolean
}

export interface Api {
  /** True if this request is ours to answer. Decides at once. */
  wants(event: FetchEvent, url: URL): boolean
  answer(event: FetchEvent, url: URL): Promise<Response>
}

/** Answers the requests that `api` names by whichever server answers them. */
export function createApi(ports: ApiPorts): Api {
  const { failover, heard, isApi, repeatable, waking, isLoaded } = ports
  /** Answers of mirrors for those whom they led on, each by who asks next, and for what. */
  const held = new Map<string, Response>()
  const keyOf = ({ request, clientId }: FetchEvent, url: string) =>
    [request.method, request.destination, clientId, withoutFragment(url)].join()

  /** The call's id, if the page side marked it with one. */
  const idOf = ({ url }: Request): string | undefined => url.split(`#${CALL}`)[1]

  async function answerBy(event: FetchEvent, url: URL, signal: AbortSignal | undefined): Promise<Response> {
    const { request } = event
    // A list that is still being read may come into use in the middle of this call.
    const listed = failover.list()
    if (!listed && isLoaded()) return ports.fetch(request)
    const call = toCall(request, { repeatable: repeatable(url) })
    let outcome = await ask(failover.fetch, call, signal)
    // There was nobody else to ask: again, once there is.
    if (
      !listed &&
      isRead(call.method) &&
      call.repeatable !== false &&
      ('error' in outcome || outcome.answer.status >= 500)
    ) {
      await ports.loaded
      if (failover.list()) outcome = await ask(failover.fetch, call, signal)
    }
    // The page gets the engine's own error; what we know of it is in the status.
    const { response, url: at, redirected } = given(outcome, call)
    // A page that a mirror wrote may be looked at, but its scripts would run as ours.
    if (at && request.mode === 'navigate') response.headers.append('Content-Security-Policy', "script-src 'none'")
    // The page's own redirect mode decides what it sees of one; where it leads it cannot see.
    if (redirected) {
      const key = keyOf(event, at!)
      held.set(key, response)
      ports.clock.after(HELD_MS, () => held.delete(key))
    }
    return at && (redirected || !response.status) ? Response.redirect(at) : response
  }

  /** The browser may have asked already: asking again at once would be one request too many. */
  function navigate(event: FetchEvent, { href }: URL, core: () => Promise<Response>): Promise<Response> {
    const network = askedAhead(event).then(preloaded => preloaded ?? core())
    const lookAfterMs = failover.inService(href) ? LOOK_MS : 0
    return patiently(network, { url: href, lookAfterMs, standIn: core }, ports)
  }

  return {
    wants(event, url) {
      const { request, clientId } = event
      if (held.has(keyOf(event, url.href))) return true
      if (!isApi(url) || isLeftAlone(request)) return false
      if (isLoaded() && !failover.list()) return false
      const { headers, destination, cache } = request
      // What a mirror sends is data: as a script, worker or style it would be ours.
      if (/script|style|work|xslt|report/.test(destination)) return false
      const events = asksForEvents(headers)
      // An `EventSource` asks so in every engine. Once answered by a worker it reconnects without the last id.
      if (events && cache === 'no-store') return !failover.inService(url.href)
      const streams = events || headers.has('range') || /audio|video|track/.test(destination)
      return !streams || heard.has(clientId) || !!idOf(request)
    },

    async answer(event, url) {
      const { request } = event
      const key = keyOf(event, url.href)
      const here = held.get(key)
      if (held.delete(key)) return here!
      const wait = waking()
      if (wait) await wait
      const id = idOf(request)
      // A write that an earlier life of the worker has sent, and its server perhaps carried out.
      const isWrite = id?.endsWith(ONCE) && !repeatable(url) && !request.headers.has('idempotency-key')
      if (isWrite && !(await heard.isNew(id!))) {
        failover.lost(toCall(request))
        return Response.error()
      }
      const signal = id === undefined ? undefined : heard.signal(id)
      let answer: Promise<Response> | undefined
      const core = () => {
        answer ??= answerBy(event, url, signal)
        return answer
      }
      try {
        return await (request.mode === 'navigate' ? navigate(event, url, core) : core())
      } catch {
        return Response.error()
      }
    },
  }
}
