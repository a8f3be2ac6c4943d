import { ask, createTransport, toCall, toResponse } from '../adapters/cors-fetch.ts'
import { createListSource } from '../adapters/list-source.ts'
import { whenForbidden } from '../adapters/policy.ts'
import { clock, random } from '../adapters/system.ts'
import type { createFailover as CreateFailover } from '../core/failover.ts'
import { createKeeper } from '../core/keeper.ts'
import { nameOf, PASS } from '../core/messages.ts'
import { repeatMatcher, type Settings } from '../core/settings.ts'
import type { Status } from '../core/status.ts'
import type { Outcome } from '../core/types.ts'
import type { Carrier, OwnTry } from './carry.ts'
import { isRead, markInput } from './marks.ts'
import { readSaved } from './saved.ts'

export interface CoverPorts {
  /** The engine's own. */
  fetch: typeof fetch
  /** Of the worker, which may remember something. */
  scope: string
  /** The status may be another one; `urgent`: a server went out or came back. */
  changed(urgent: boolean): void
}

/** The page's own failover, at work while no worker controls the page. */
export interface Cover extends Carrier {
  status(): Status
  /** What it learned, for the worker. */
  memory(): unknown
  /** A request may follow. */
  warm(): void
  /** Fetches the list anew. */
  update(): Promise<void>
}

export type CreateCover = (
  settings: Settings,
  ports: CoverPorts,
  createFailover: typeof CreateFailover,
) => Promise<Cover>

/** How long a failed read waits for the first list. */
const LIST_WAIT_MS = 3_000
/** How long the first call waits for what an earlier life remembered. */
const RESTORE_MS = 50

/** Starts the cover; resolves when it knows what the worker, or an earlier page, knew. */
export const createCover: CreateCover = async (settings, ports, createFailover) => {
  const owns = new WeakMap<Request, OwnTry>()
  const base = document.baseURI
  const repeatable = repeatMatcher(settings, base)

  /** A try at the asked server is the page's own call; all others are marked, so that no worker takes them. */
  const send: typeof fetch = (input, init) => {
    const own = input instanceof Request ? owns.get(input) : undefined
    if (own && init?.signal) return own(init.signal)
    return ports.fetch(markInput(input, PASS, base), init)
  }
  const failover = createFailover(
    {
      own: location.origin,
      apiPath: new URL(warmUrl(settings, base)).pathname,
      overtake: settings.overtake,
      tuning: settings.defaults ?? {},
    },
    {
      clock,
      random,
      transport: createTransport({ fetch: send }),
      changed(urgent) {
        if (urgent) ports.changed(true)
      },
    },
  )
  failover.subscribe(() => ports.changed(false))
  whenForbidden(failover.forbid)
  let gotList = () => {}
  const listed = new Promise<void>(resolve => {
    gotList = resolve
  })
  const keeper = createKeeper(
    { ...settings, servers: settings.servers!, base, own: location.origin, secure: location.protocol === 'https:' },
    {
      ...failover,
      clock,
      random,
      fetchText: createListSource({ fetch: send }),
      use(list) {
        failover.use(list)
        gotList()
      },
    },
  )
  const restored = readSaved(nameOf(ports.scope), ['memory', 'list']).then(([known, list]) => {
    failover.restore(known)
    keeper.restore(list)
  })
  await Promise.race([restored, wait(RESTORE_MS)])
  void keeper.refresh()

  async function attempt(request: Request, own: OwnTry, begun: boolean) {
    owns.set(request, own)
    const call = toCall(request, { begun, repeatable: repeatable(new URL(request.url)) })
    return { call, outcome: await ask(failover.fetch, call, request.signal) }
  }

  return {
    async fetch(request, own, begun = false) {
      keeper.refreshIfOld()
      let running: Promise<Response> | undefined
      const first: OwnTry = signal => {
        running ??= own(signal)
        return running
      }
      let { call, outcome } = await attempt(request, first, begun)
      // Without a list there was nobody else to ask. The same failure is told again once there is one.
      if (isRead(request.method) && !failover.list() && !isGood(outcome)) {
        await Promise.race([listed, wait(LIST_WAIT_MS), aborted(request.signal)])
        if (failover.list()) ({ call, outcome } = await attempt(request, first, true))
      }
      return toResponse(outcome, call)
    },
    status() {
      const list = keeper.status()
      return { ...failover.status(), ...(list && { list }) }
    },
    memory: failover.memory,
    warm: () => failover.warm(warmUrl(settings, base)),
    update: keeper.refresh,
  }
}

function isGood(outcome: Outcome): boolean {
  return 'answer' in outcome && outcome.answer.status < 500
}

/** A URL whose server a write of this page would go to. */
function warmUrl({ api = [] }: Settings, base: string): string {
  const rule = api.find(one => typeof one === 'string')
  return new URL(rule ?? '/', base).href
}

function wait(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}
