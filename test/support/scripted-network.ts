import type { Clock, Outgoing, Probe, ProbeEnd, Sending, Transport, TryEvents } from '../../src/core/ports.ts'
import type { Answer } from '../../src/core/types.ts'

/** How one scripted server behaves now. */
export interface Behaviour {
  /** `refuse`: fails at once; `hang`: never answers; `stall`: headers, then no body. */
  api: 'ok' | 'refuse' | 'hang' | 'stall' | 'break'
  /** The probe's behaviour; the API's by default. */
  probe?: 'ok' | 'refuse' | 'hang'
  status: number
  probeStatus?: number
  /** Until the probe's answer. Default 2. */
  probeMs?: number
  /** Before the headers, and from there to the end of the body. */
  ms: number
  bodyMs?: number
  retryAfterMs?: number
  type: string
  lengthBytes?: number
  shown?: string[]
  /** What its CORS does not allow, as `Transport.needs` names it. A call's `handle` holds what it needs. */
  refuses?: string[]
}

export interface Hit {
  server: string
  method: string
  path: string
  at: number
  aborted: boolean
}

/** Servers by origin, answering by script on a virtual clock. Requests to unknown origins are refused. */
export interface ScriptedNetwork extends Transport {
  servers: Record<string, Behaviour>
  /** Requests sent, in order, those lost on the way included; probes apart. */
  hits: Hit[]
  probes: Hit[]
  /** True while this client has no network: everything is lost silently, or refused. */
  cut: false | 'silent' | 'refused'
  isOnline: boolean | undefined
}

export const healthy: Behaviour = { api: 'ok', status: 200, ms: 5, type: 'application/json', lengthBytes: 100 }

export function scriptedNetwork(clock: Clock, origins: readonly string[]): ScriptedNetwork {
  const network: ScriptedNetwork = {
    servers: Object.fromEntries(origins.map(origin => [origin, { ...healthy }])),
    hits: [],
    probes: [],
    cut: false,
    isOnline: undefined,
    online: () => network.isOnline,
    apart: () => false,
    whenOver() {},
    needs: ({ handle }) =>
      Object.fromEntries(['Origin: a', ...(Array.isArray(handle) ? handle : [])].map(line => [line, {}])),
    examine: ({ call, url }, end) => {
      const { refuses = [] } = network.servers[new URL(url).origin] ?? {}
      const needs = network.needs(call)
      clock.after(2, () => end(refuses.filter(line => line in needs)))
    },
    send,
    probe,
  }

  function arrive(log: Hit[], method: string, url: string): { hit: Hit; server: Behaviour | undefined } {
    const { origin, pathname } = new URL(url)
    const hit = { server: origin, method, path: pathname, at: clock.now(), aborted: false }
    if (log === network.hits || !network.cut) log.push(hit)
    return { hit, server: network.servers[origin] }
  }

  function send({ call, url }: Outgoing, events: TryEvents): Sending {
    const { hit, server } = arrive(network.hits, call.method, url)
    const pending = new Set<() => void>()
    const later = (ms: number, then: () => void) => pending.add(clock.after(ms, then))
    if (network.cut !== 'silent') {
      const refused = server?.refuses?.some(line => line in network.needs(call))
      if (network.cut || !server || refused || server.api === 'refuse') later(1, () => events.failed('network error'))
      else if (server.api !== 'hang') later(server.ms, () => answer(server))
    }
    function answer(server: Behaviour): void {
      const { status, type, retryAfterMs, lengthBytes, shown } = server
      const hold = events.headers({ status, type, retryAfterMs, lengthBytes, shown, handle: hit.server } as Answer)
      if (!hold) return
      if (server.api === 'ok') later(server.bodyMs ?? 1, () => events.held())
      if (server.api === 'stall' && Number.isFinite(hold.longestMs)) later(hold.longestMs, () => events.held())
      if (server.api === 'break') later(1, () => events.broken('body broke off'))
    }
    return {
      abort() {
        hit.aborted = true
        for (const callOff of pending) callOff()
      },
    }
  }

  function probe({ url, method }: Probe, end: (end: ProbeEnd) => void): Sending {
    const { server } = arrive(network.probes, method, url)
    if (network.cut === 'silent') return { abort() {} }
    const how = server?.probe ?? (server?.api === 'stall' || server?.api === 'break' ? 'ok' : server?.api)
    let callOff = () => {}
    if (network.cut || !how || how === 'refuse') callOff = clock.after(1, () => end(undefined))
    else if (how === 'ok')
      callOff = clock.after(server?.probeMs ?? 2, () =>
        end({ status: server?.probeStatus ?? (server?.status === 200 ? 200 : (server?.status ?? 200)) }),
      )
    return { abort: () => callOff() }
  }

  return network
}
