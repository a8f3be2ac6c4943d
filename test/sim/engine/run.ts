import { createEvents } from '../../support/events.ts'
import { seeded } from '../../support/seeded.ts'
import type { Client, MakeClient } from './client.ts'
import { createNetwork, type Network } from './network.ts'
import { createServer, type ServerOptions } from './server.ts'

export interface Scenario {
  seed: number
  /** Each asks as often as any other, by chance: together they are one Poisson stream that waits for no answer. */
  clients: number
  /** Requests a second, all clients together. */
  rate: number
  seconds: number
  servers: readonly ServerOptions[]
  make: MakeClient
  /** Of a request's work; 0: a page that says nothing of the queue. Default 0.05. */
  probeCost?: number
  /** A request succeeds if it is answered below 500 within this time of its arrival; milliseconds. Default 1,000. */
  limitMs?: number
  /** From second to second, whether clients have a network. */
  isCut?(second: number): boolean
}

/** What happened, by the second in which the requests began. */
export interface Result {
  sent: number[]
  /** Answered below 500 within the limit. */
  succeeded: number[]
  /** Ended without an answer, or with 5xx, or not at all. */
  failed: number[]
  /** When the first request of a second began, and when the first that succeeded ended; milliseconds since the start. */
  firstSentAt: number[]
  firstSuccessAt: number[]
  tries: number
  probesPerSecond: number[]
  network: Network
  /** Those that asked anything. */
  clients: readonly Client[]
  events: number
  /** The same for the same seed: a hash over the end of every request, in order. */
  trace: number
}

/** After the last request, so that what is on its way can end. */
const DRAIN_S = 30

export function simulate(scenario: Scenario): Result {
  const { seed, clients: crowd, rate, seconds, make, probeCost = 0.05, limitMs = 1_000, isCut } = scenario
  const events = createEvents()
  const startedAt = events.now()
  const chance = seeded(seed)
  const servers = scenario.servers.map((options, index) => createServer(options, seeded(seed * 1_000 + index)))
  const network = createNetwork(events, servers, startedAt, probeCost)
  const secondOf = (at: number) => Math.floor((at - startedAt) / 1_000)
  if (isCut) network.isCut = () => isCut(secondOf(events.now()))
  const clients: Client[] = []
  const sent = new Array<number>(seconds).fill(0)
  const succeeded = [...sent]
  // Until it has ended well.
  const failed = [...sent]
  const firstSentAt: number[] = []
  const firstSuccessAt: number[] = []
  let trace = 0

  function clientOf(index: number): Client {
    clients[index] ??= make({ clock: events, random: seeded(seed * 1_000_003 + index), network }, index)
    return clients[index]
  }

  function arrive(): void {
    const at = events.now()
    const second = secondOf(at)
    if (second >= seconds) return
    sent[second]!++
    failed[second]!++
    firstSentAt[second] ??= at - startedAt
    const index = Math.floor(chance() * crowd)
    let ended = false
    clientOf(index).fetch(status => {
      if (ended) throw new Error(`a request of client ${index} has ended twice`)
      ended = true
      const ms = events.now() - at
      const good = status > 0 && status < 500
      if (good) failed[second]!--
      if (good && ms <= limitMs) {
        succeeded[second]!++
        firstSuccessAt[second] = Math.min(firstSuccessAt[second] ?? Number.POSITIVE_INFINITY, at + ms - startedAt)
      }
      trace = (Math.imul(trace, 31) + index + status + Math.round(ms * 1_000)) | 0
    })
    events.after((-Math.log(1 - chance()) * 1_000) / rate, arrive)
  }

  events.after(0, arrive)
  events.runUntil(startedAt + (seconds + DRAIN_S) * 1_000)
  return {
    sent,
    succeeded,
    failed,
    firstSentAt,
    firstSuccessAt,
    ...network.count,
    network,
    clients: Object.values(clients),
    events: events.happened,
    trace,
  }
}
