import { createBusyClock } from './adapters/busy-clock.ts'
import { ask, createTransport, toCall, toResponse } from './adapters/cors-fetch.ts'
import { createListSource } from './adapters/list-source.ts'
import { random } from './adapters/system.ts'
import { createFailover as createCore } from './core/failover.ts'
import { createKeeper } from './core/keeper.ts'
import { apiMatcher, checkSettings, type Settings, type SettingsInput, type UrlRule } from './core/settings.ts'
import type { Status } from './core/status.ts'
import type { Call } from './core/types.ts'

export { FailoverError, type FailureCode, type FailureRecord, isFailoverError, type Try } from './core/errors.ts'
export type { Tuning } from './core/options.ts'
export type { ServerInput, SettingsInput, UrlRule } from './core/settings.ts'
export type { Problem, ServerStatus, Status } from './core/status.ts'

/** What `createFailover` takes. Without `api`, every request to an origin or below a URL of a listed server is covered. */
export type FailoverOptions = Omit<SettingsInput, 'shell' | 'servers'> &
  Required<Pick<SettingsInput, 'servers'>> & {
    /** What sends the requests. Default: the `fetch` there is when one goes out. */
    fetch?: typeof fetch
  }

export interface Failover {
  /** Drop-in for `fetch`. Rejects with a `FailoverError` when no server gave an answer. */
  fetch: typeof fetch
  readonly status: Status
  /** Calls `listener` with the status after every change. Returns how to stop. */
  subscribe(listener: (status: Status) => void): () => void
  /** Fetches the server list anew. */
  update(): Promise<void>
  /** Ends every wait of ours; requests go out as by plain `fetch` from then on. */
  stop(): void
}

/** How long a request that needs the list waits for the first one. */
const listWaitMs = 3_000

/**
 * Failover for one page or process, without a worker.
 *
 * Outside browsers a path like `/api/x` means the first server.
 *
 * @throws FailoverError (a TypeError) with code `bad-option` or `bad-list`, at once
 */
export function createFailover({ fetch: given, ...options }: FailoverOptions): Failover {
  const settings = checkSettings(
    options,
    ['servers', 'api', 'allow', 'policy', 'probe', 'witnesses', 'overtake', 'once', 'defaults'],
    ['servers'],
  )
  const plain: typeof fetch = given ?? ((input, init) => fetch(input, init))
  const page = typeof location === 'undefined' ? undefined : location.href
  const clock = createBusyClock()
  const core = createCore(
    {
      ...(page && { own: new URL(page).origin }),
      ...apiPath(settings.api?.[0], page),
      overtake: settings.overtake ?? true,
      tuning: settings.defaults ?? {},
    },
    { clock, random, transport: createTransport({ fetch: plain }) },
  )
  const servers = settings.servers!
  const listUrl = typeof servers === 'string' && URL.canParse(servers, page) ? new URL(servers, page) : undefined
  const keeper = createKeeper(
    {
      ...settings,
      servers,
      ...(page && { base: page }),
      own: page ? new URL(page).origin : (listUrl?.origin ?? ''),
      secure: page?.startsWith('https:') ?? false,
    },
    {
      clock,
      random,
      fetchText: createListSource({ fetch: plain }),
      use: list => core.use(list),
      problem: (code, message) => core.problem(code, message),
      heard: (url, sentAt, status) => core.heard(url, sentAt, status),
    },
  )
  const isOnce = matcher(settings.once)
  const isNamed = matcher(settings.api)
  const firstList = keeper.refresh()
  const listThere = Promise.race([firstList, new Promise<void>(resolve => void clock.after(listWaitMs, resolve))])
  let stopped = false

  return {
    fetch: send,
    get status() {
      return status()
    },
    subscribe: listener => core.subscribe(() => listener(status())),
    update: () => keeper.refresh(),
    stop() {
      stopped = true
      clock.stop()
    },
  }

  function status(): Status {
    const list = keeper.status()
    return { ...core.status(), ...(list && { list }), worker: stopped ? 'off' : 'none' }
  }

  function firstServer(): string | undefined {
    return keeper.current()?.servers[0]?.url
  }

  async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const done = clock.busy()
    try {
      return await sendCovered(input, init)
    } finally {
      done()
    }
  }

  async function sendCovered(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    keeper.refreshIfOld()
    // Whose request it is can be told without the list only where `api` names it.
    if (!keeper.current() && (!settings.api || !page)) await listThere
    const base = page ?? firstServer()
    const target = input instanceof Request ? input.url : String(input)
    if (stopped || !URL.canParse(target, base)) return plain(input, init)
    const url = new URL(target, base)
    const keepalive = init?.keepalive ?? (input instanceof Request && input.keepalive)
    if (!/^https?:$/.test(url.protocol) || keepalive || !isCovered(url, base)) {
      return plain(page || URL.canParse(target) ? input : url, init)
    }
    const request = new Request(input instanceof Request ? input : url, init)
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
    const call = toCall(request, { ...(signal && { signal }), ...(isOnce(url, base) && { repeatable: false }) })
    return toResponse(await askWithList(call), call)
  }

  /** A call that failed before there was a list is asked again with one. */
  async function askWithList(call: Call) {
    const hadList = keeper.current() !== undefined
    const outcome = await ask(core.fetch, call)
    if (hadList || !('error' in outcome) || !/^(GET|HEAD)$/.test(call.method)) return outcome
    await listThere
    return keeper.current() ? ask(core.fetch, call) : outcome
  }

  function isCovered(url: URL, base: string | undefined): boolean {
    if (settings.api) return isNamed(url, base)
    return keeper.current()?.servers.some(server => isBelow(url, server.url)) ?? false
  }
}

/** Outside a page there is no base before there is a list. */
function matcher(rules: Settings['api']): (url: URL, base: string | undefined) => boolean {
  let test: ((url: URL) => boolean) | undefined
  return (url, base) => {
    if (!base) return apiMatcher(rules, url)(url)
    test ??= apiMatcher(rules, base)
    return test(url)
  }
}

/** What is asked to see whether a server lives, where the list names nothing. */
function apiPath(rule: UrlRule | undefined, base: string | undefined): { apiPath?: string } {
  if (typeof rule !== 'string' || !URL.canParse(rule, base ?? 'http://localhost')) return {}
  return { apiPath: new URL(rule, base ?? 'http://localhost').pathname }
}

/** A server's own path, if it has one, is part of its name. */
function isBelow(url: URL, server: string): boolean {
  return `${url.origin}${url.pathname}/`.startsWith(server)
}
