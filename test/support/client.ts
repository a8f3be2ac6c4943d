import { createFailover, type Failover } from '../../src/core/failover.ts'
import type { CoreOptions } from '../../src/core/options.ts'
import type { Call, Outcome, Server, ServerList } from '../../src/core/types.ts'
import { type ScriptedNetwork, scriptedNetwork } from './scripted-network.ts'
import { seeded } from './seeded.ts'
import { type VirtualClock, virtualClock } from './virtual-clock.ts'

export const A = 'https://a.example'
export const B = 'https://b.example'
export const C = 'https://c.example'
export const D = 'https://d.example'

/** One request as it ended, or as it still hangs. */
export interface Sent {
  outcome?: Outcome
  /** Milliseconds from start to end. */
  ms?: number
  /** Origin that answered, or the failure's code. */
  by?: string
  abort(): void
}

/** Those that never ended, or came to a bad end. */
export function failures(sent: readonly Sent[]): Sent[] {
  return sent.filter(({ outcome }) => !outcome || 'error' in outcome || outcome.answer.status >= 500)
}

/** A client of the real core over scripted servers; `A` is the page's own. */
export interface Client {
  clock: VirtualClock
  net: ScriptedNetwork
  core: Failover
  send(path: string, call?: Partial<Call>): Sent
  /** Sends and runs the clock until it ended, for at most `ms`. */
  get(path: string, call?: Partial<Call>, ms?: number): Sent
  /** One read every `everyMs`, `count` times. */
  stream(count: number, everyMs: number, path?: string): Sent[]
  saves: boolean[]
}

export interface ClientOptions extends CoreOptions {
  seed?: number
  list?: Partial<ServerList>
  /** A clock and servers shared with other clients. Default: its own. */
  shared?: { clock: VirtualClock; net: ScriptedNetwork }
}

export function client(
  servers: readonly (string | Partial<Server>)[] = [A, B, C, D],
  options: ClientOptions = {},
): Client {
  const clock = options.shared?.clock ?? virtualClock()
  const net = options.shared?.net ?? scriptedNetwork(clock, [A, B, C, D])
  const saves: boolean[] = []
  const ports = {
    clock,
    random: seeded(options.seed ?? 1),
    transport: net,
    changed: (urgent: boolean) => saves.push(urgent),
  }
  const core = createFailover({ own: A, apiPath: '/api/', ...options }, ports)
  if (servers.length > 0) core.use(listOf(servers, options.list))

  function send(path: string, extra: Partial<Call> = {}): Sent {
    const startedAt = clock.now()
    const sent: Sent = { abort: () => sending.abort() }
    const sending = core.fetch(callOf(path, extra), outcome => {
      if (sent.outcome) throw new Error('settled twice')
      sent.outcome = outcome
      sent.ms = clock.now() - startedAt
      sent.by = 'error' in outcome ? outcome.error.code : (outcome.answer.handle as string)
    })
    return sent
  }

  return {
    clock,
    net,
    core,
    saves,
    send,
    get(path, extra, ms = 30_000) {
      const sent = send(path, extra)
      for (let waited = 0; waited < ms && !sent.outcome; waited++) clock.run(1)
      return sent
    },
    stream(count, everyMs, path = '/api/read') {
      return Array.from({ length: count }, () => {
        const sent = send(path)
        clock.run(everyMs)
        return sent
      })
    },
  }
}

export function listOf(servers: readonly (string | Partial<Server>)[], rest: Partial<ServerList> = {}): ServerList {
  return {
    servers: servers.map(entry => {
      const given = typeof entry === 'string' ? { url: entry } : entry
      const url = given.url!.endsWith('/') ? given.url! : `${given.url}/`
      return { weight: 1, tier: 0, transport: 'auto', credentials: 'omit', writes: true, ...given, url }
    }),
    sources: [],
    witnesses: [],
    probe: '/healthz',
    policy: 'primary',
    defaults: {},
    ...rest,
  }
}

export function callOf(path: string, extra: Partial<Call> = {}): Call {
  const url = path.startsWith('http') ? path : A + path
  const method = extra.method ?? 'GET'
  return {
    method,
    url,
    authorization: false,
    cookies: false,
    idempotencyKey: false,
    hasBody: false,
    streams: false,
    handle: undefined,
    ...extra,
  }
}
