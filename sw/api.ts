import { ask, toCall, toResponse } from '../src/adapters/cors-fetch.ts'
import type { Failover } from '../src/core/failover.ts'
import { CALL } from '../src/core/messages.ts'
import type { Calls } from './calls.ts'
import { LOOK_MS, type PatiencePorts, patiently } from './patience.ts'
import { isMarkedPass, isOnlyIfCached } from './requests.ts'

export interface ApiPorts extends PatiencePorts {
  failover: Pick<Failover, 'fetch' | 'list' | 'inService' | 'look'>
  calls: Calls
  fetch(request: Request): Promise<Response>
  isApi(url: URL): boolean
  /** What the settings say: see `Call.repeatable`. */
  repeatable(url: URL): boolean | undefined
  /** Resolves when what was remembered is known, or took too long; `undefined` from then on. */
  waking(): Promise<void> | undefined
  /** True once what was remembered is known. */
  isLoaded(): boolean
  /** True for a page whose side of ours keeps the worker awake while bodies stream. */
  hasPageSide(clientId: string): boolean
}

export interface Api {
  /** True if this request is ours to answer. Decides at once. */
  wants(event: FetchEvent, url: URL): boolean
  answer(event: FetchEvent, url: URL): Promise<Response>
}

/** Answers the requests that `api` names by whichever server answers them. */
export function createApi(ports: ApiPorts): Api {
  const { failover, calls, isApi, repeatable, waking, isLoaded } = ports

  /** The call's id, if the page side marked it with one. */
  function idOf({ url }: Request): string | undefined {
    const start = url.indexOf(`#${CALL}`)
    return start < 0 ? undefined : url.slice(start + CALL.length + 1)
  }

  async function answerBy(event: FetchEvent, url: URL, signal: AbortSignal | undefined): Promise<Response> {
    const { request } = event
    // A list that is still being read may come into use in the middle of this call.
    if (!failover.list() && isLoaded()) return ports.fetch(request)
    const call = toCall(request, { repeatable: repeatable(url) })
    const outcome = await ask(failover.fetch, call, signal)
    // The page gets the engine's own error; what we know of it is in the status.
    return 'error' in outcome ? Response.error() : toResponse(outcome, call)
  }

  /** The browser may have asked already: asking again at once would be one request too many. */
  function navigate(event: FetchEvent, { href }: URL, core: () => Promise<Response>): Promise<Response> {
    const network = event.preloadResponse.then((preloaded: Response | undefined) => preloaded ?? core())
    const lookAfterMs = failover.inService(href) ? LOOK_MS : 0
    return patiently(network, { url: href, lookAfterMs, standIn: core }, ports)
  }

  return {
    wants(event, url) {
      const { request, clientId } = event
      if (!isApi(url) || isMarkedPass(request) || request.keepalive || isOnlyIfCached(request)) return false
      if (isLoaded() && !failover.list()) return false
      const { headers, destination, cache } = request
      const events = headers.get('accept')?.includes('text/event-stream')
      // An `EventSource` asks so in every engine. Once answered by a worker it reconnects without the last id.
      if (events && cache === 'no-store') return !failover.inService(url.href)
      const streams = events || headers.has('range') || /^(audio|video|track)$/.test(destination)
      return !streams || ports.hasPageSide(clientId)
    },

    async answer(event, url) {
      const wait = waking()
      if (wait) await wait
      const id = idOf(event.request)
      const signal = id === undefined ? undefined : calls.begin(id)
      let answer: Promise<Response> | undefined
      const core = () => {
        answer ??= answerBy(event, url, signal)
        return answer
      }
      try {
        return await (event.request.mode === 'navigate' ? navigate(event, url, core) : core())
      } catch {
        return Response.error()
      } finally {
        if (id !== undefined) calls.end(id)
      }
    },
  }
}
