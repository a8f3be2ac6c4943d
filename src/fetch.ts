import { createBusyClock } from './adapters/busy-clock.ts'
import { ask, createTransport, toCall, toResponse } from './adapters/cors-fetch.ts'
import { createListSource } from './adapters/list-source.ts'
import { whenForbidden } from './adapters/policy.ts'
import { random, realmFetch } from './adapters/system.ts'
import type { Client } from './core/client.ts'
import {
  apiMatcher,
  checkSettings,
  optionError,
  repeatMatcher,
  type SettingsInput,
  type UrlRule,
} from './core/settings.ts'
import type { Status } from './core/status.ts'
import type { Call } from './core/types.ts'
import { refuseSecrets } from './page/secrets.ts'

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

/** How long a call waits for the core, and one that needs the list for the first list. */
const coreWaitMs = 1_000
const listWaitMs = 3_000

let core: Promise<typeof import('./core/client.ts')> | undefined

/**
 * Rules and list are a chunk of their own, which is begun with the door; what did not come is fetched again when it is
 * needed. Firefox ESR 153 and Chromium 150 fetch a module that did not come no second time before the page is loaded anew.
 */
function loadCore(): NonNullable<typeof core> {
  core ??= import('./core/client.ts').catch(error => {
    core = undefined
    throw error
  })
  return core
}
loadCore().catch(() => {})

/**
 * Failover for one page or process, without a worker. A call made before the core is loaded waits for it
 * for a second and then goes out as it is; a read that fails so is asked again through the core.
 * Servers that cannot be used are told of in `status.problems`.
 *
 * Outside browsers a path like `/api/x` means the first server.
 *
 * @throws FailoverError (a TypeError) with code `bad-option`, at once; also for a URL that holds a user name or password
 */
export function createFailover(all: FailoverOptions): Failover {
  const { fetch: given, ...options }: FailoverOptions = Object(all)
  refuseSecrets(options)
  const settings = checkSettings(
    options,
    ['servers', 'api', 'allow', 'policy', 'probe', 'witnesses', 'overtake', 'once', 'reads', 'defaults'],
    ['servers'],
  )
  if (given !== undefined && typeof given !== 'function') throw optionError('fetch', 'a function', given)
  const plain: typeof fetch = given ?? realmFetch
  const page = typeof location === 'undefined' ? undefined : location.href
  const servers = settings.servers!
  if (typeof servers === 'string' && !URL.canParse(servers, page))
    throw optionError('servers', 'the absolute URL of a server list, or an array of server URLs', servers)
  const clock = createBusyClock()
  const listeners = new Set<(status: Status) => void>()
  const repeatable = matcher(base => repeatMatcher(settings, base))
  const isNamed = matcher(base => apiMatcher(settings.api, base))
  let client: Client | undefined
  let listThere: Promise<unknown> | undefined
  let stopped = false
  const coreThere = within(ready(), coreWaitMs)

  return {
    fetch: send,
    get status() {
      return status()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async update() {
      await ready()
      await client?.refresh()
    },
    stop() {
      stopped = true
      clock.stop()
    },
  }

  function status(): Status {
    const known = client?.status() ?? { state: 'unknown', servers: [], problems: [], failures: [] }
    return { ...known, worker: stopped ? 'off' : 'none' }
  }

  function changed(): void {
    for (const listener of [...listeners]) listener(status())
  }

  /** @throws what the engine says of a chunk that cannot be loaded */
  async function ready(): Promise<void> {
    const { createClient } = await loadCore()
    if (client || stopped) return
    const own = page && new URL(page).origin
    const ofList = own ?? (typeof servers === 'string' ? new URL(servers).origin : '')
    client = createClient(
      { own, overtake: settings.overtake, tuning: settings.defaults, ...apiPath(settings.api?.[0], page) },
      { ...settings, servers, base: page, own: ofList, secure: page?.startsWith('https:') ?? false },
      { clock, random, transport: createTransport({ fetch: plain }), fetchText: createListSource({ fetch: plain }) },
    )
    client.subscribe(changed)
    if (page) whenForbidden(client.forbid)
    listThere = within(client.refresh(), listWaitMs)
    changed()
  }

  /** Waits for something that may fail or never come. */
  function within(promise: Promise<unknown>, ms: number, signal?: AbortSignal | null): Promise<unknown> {
    const enough = new Promise<void>(resolve => {
      clock.after(ms, resolve)
      signal?.addEventListener('abort', () => resolve(), { once: true })
      if (signal?.aborted) resolve()
    })
    return Promise.race([promise.catch(() => {}), enough])
  }

  async function send(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const done = clock.busy()
    try {
      return await sendWhenReady(input, init)
    } finally {
      done()
    }
  }

  async function sendWhenReady(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    const { method = 'GET', signal } = {
      ...(input instanceof Request && { method: input.method, signal: input.signal }),
      ...init,
    }
    if (!client && !stopped) await within(Promise.race([ready(), coreThere]), coreWaitMs, signal)
    if (client) return sendCovered(client, input, init)
    try {
      return await plain(input, init)
    } catch (error) {
      if (stopped || !isRead(method)) throw error
      await within(ready(), listWaitMs, signal)
      if (!client || signal?.aborted) throw error
      return sendCovered(client, input, init)
    }
  }

  async function sendCovered(client: Client, input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
    client.refreshIfOld()
    // Whose request it is can be told without the list only where `api` names it.
    if (!client.list() && (!settings.api || !page)) await listThere
    const base = page ?? client.list()?.servers[0]?.url
    // A page may say, and change, what its relative URLs are meant from.
    const from = typeof document === 'undefined' ? base : document.baseURI
    const target = input instanceof Request ? input.url : String(input)
    if (stopped || !URL.canParse(target, from)) return plain(input, init)
    const url = new URL(target, from)
    const keepalive = init?.keepalive ?? (input instanceof Request && input.keepalive)
    if (!/^https?:$/.test(url.protocol) || keepalive || !isCovered(client, url, base)) {
      return plain(page || URL.canParse(target) ? input : url, init)
    }
    const request = new Request(input instanceof Request ? input : url, init)
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
    const call = toCall(request, { ...(signal && { signal }), repeatable: repeatable(url, base) })
    return toResponse(await askWithList(client, call), call)
  }

  /** A call that failed before there was a list is asked again with one. */
  async function askWithList(client: Client, call: Call) {
    const hadList = client.list() !== undefined
    const outcome = await ask(client.fetch, call)
    if (hadList || !('error' in outcome) || !isRead(call.method) || call.repeatable === false) return outcome
    await listThere
    return client.list() ? ask(client.fetch, call) : outcome
  }

  function isCovered(client: Client, url: URL, base: string | undefined): boolean {
    if (settings.api) return isNamed(url, base)
    return client.list()?.servers.some(server => isBelow(url, server.url)) ?? false
  }
}

function isRead(method: string): boolean {
  return /^(GET|HEAD)$/i.test(method)
}

/** Outside a page there is no base before there is a list. */
function matcher<T>(make: (base: string | URL) => (url: URL) => T): (url: URL, base: string | undefined) => T {
  let test: ((url: URL) => T) | undefined
  return (url, base) => {
    if (!base) return make(url)(url)
    test ??= make(base)
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
