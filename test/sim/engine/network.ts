import type { Outgoing, Probe, ProbeEnd, Sending, Transport, TryEvents } from '../../../src/core/ports.ts'
import type { Events } from '../../support/events.ts'
import type { Server } from './server.ts'

/** From a client to a server, and back; milliseconds. */
const WAY_MS = 5

/** The servers behind all clients, numbered as their hosts are: `https://s0.example/`, … */
export interface Network {
  readonly servers: readonly Server[]
  /** Sends one request to server `index`. `end`: its status, or 0 where the connection failed; never where it is lost. */
  send(index: number, end: (status: number, retryAfterMs?: number) => void): Sending
  /** The same as one client's transport. */
  transport(): Transport
  /** Tries sent so far, and probes by whole seconds since the run began, those that were lost included. */
  readonly count: { tries: number; probesPerSecond: number[] }
  /** While it says so of a client's network, everything is lost. */
  isCut: () => boolean
}

export const urlOf = (index: number) => `https://s${index}.example/`
const indexOf = (url: string) => Number.parseInt(url.slice('https://s'.length), 10)

/** @param probeCost what a probe costs, as a share of a request; 0: it passes by the queue */
export function createNetwork(
  events: Events,
  servers: readonly Server[],
  startedAt: number,
  probeCost: number,
): Network {
  const count = { tries: 0, probesPerSecond: [] as number[] }

  function carry(
    index: number,
    cost: number,
    probe: boolean,
    end: (status: number, retryAfterMs?: number) => void,
  ): Sending {
    let callOff: (() => void) | undefined
    const back = (at: number, status: number, retryAfterMs?: number) => {
      callOff = events.after(at - events.now(), () => network.isCut() || end(status, retryAfterMs))
    }
    if (!network.isCut()) {
      callOff = events.after(WAY_MS, () => {
        const now = events.now() - startedAt
        const { at, status, retryAfterMs, refused } = servers[index]!.take(now, cost, probe)
        back(startedAt + at + WAY_MS, refused ? 0 : status, retryAfterMs)
      })
    }
    return { abort: () => callOff?.() }
  }

  const send: Network['send'] = (index, end) => {
    count.tries++
    return carry(index, 1, false, end)
  }

  const transport: Transport = {
    send({ url }: Outgoing, on: TryEvents) {
      return send(indexOf(url), (status, retryAfterMs) => {
        if (!status) return on.failed('network error')
        const handle = undefined
        if (on.headers({ status, retryAfterMs, type: 'application/json', lengthBytes: 1_000, handle })) on.held()
      })
    },
    probe({ url }: Probe, end: (end: ProbeEnd) => void) {
      const second = Math.floor((events.now() - startedAt) / 1_000)
      count.probesPerSecond[second] = (count.probesPerSecond[second] ?? 0) + 1
      return carry(indexOf(url), probeCost, true, status => end(status ? { status } : undefined))
    },
    apart: () => true,
    whenOver() {},
    needs: () => ({}),
    examine: (_, end) => end([]),
    online: () => undefined,
  }
  const network: Network = { servers, send, transport: () => transport, count, isCut: () => false }
  return network
}
