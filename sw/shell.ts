import type { Failover } from '../src/core/failover.ts'
import { isLoopback } from '../src/core/list/server-url.ts'
import type { Clock } from '../src/core/ports.ts'
import type { ServerState } from '../src/core/types.ts'
import { atMost } from './at-most.ts'
import { watchCookies } from './cookies.ts'
import { createIntake } from './intake.ts'
import { isAppRoute, placesAbove } from './navigation.ts'
import type { Notes } from './notes.ts'
import { LOOK_MS, patiently } from './patience.ts'
import { createRedirects } from './redirects.ts'
import { askedAhead, isLeftAlone, withoutFragment } from './requests.ts'
import type { ShellStore } from './shell-store.ts'
import { isViteRequest } from './vite.ts'

/** What belongs to the shell: what the page loads (`auto`), or these files. */
export type ShellRule = 'auto' | readonly string[]

export interface ShellPorts {
  failover: Pick<Failover, 'heard' | 'look' | 'inService' | 'status'>
  clock: Clock
  fetch(input: Request | string, init?: RequestInit): Promise<Response>
  /** Resolves when what was remembered is known, or took too long; `undefined` from then on. */
  waking(): Promise<void> | undefined
  /** Asks the own origin whether it lives. */
  probe(answered: () => void): void
  store: ShellStore
  notes: Notes
  origin: string
  /** `registration.scope`. */
  scope: string
  isApi(url: URL): boolean
}

export interface Shell {
  /** True if this request is ours to answer. Decides at once. */
  wants(request: Request, url: URL): boolean
  answer(event: FetchEvent): Promise<Response>
  /** Fetches and keeps the listed files. Never rejects. */
  install(): Promise<void>
  /** Keeps what a page loaded before the worker was there; `page` is the URL of that page. */
  adopt(urls: readonly string[], page: string | undefined): Promise<void>
  /** Drops what the list no longer names, or the browser has deleted. */
  tidy(): Promise<void>
}

/** What a page needs to start. What scripts fetch is data, and not kept unless listed. */
const destinations = /document|frame|script|style|font|image|manifest|worker|json/
const shellTypes = /^(text\/(html|css|javascript)|application\/(xhtml|javascript|manifest|wasm|font)|image|font)/

/** Servers that only pass on what another one behind them failed to do: the path says nothing about the page then. */
const gatewayErrors = [502, 503, 504]

/** Keeps the app's own files and answers with them while their server is out: network first, always. */
export function createShell(rule: ShellRule, ports: ShellPorts): Shell {
  const { failover, clock, store, notes, origin, scope, isApi } = ports
  const listed = new Set(rule === 'auto' ? [] : rule.map(path => new URL(path, origin).href))
  const local = rule === 'auto' && isLoopback(new URL(origin).hostname)
  const intake = createIntake({ store, notes, listed, local })
  const redirects = createRedirects()

  /** The kept copy for a request; for a navigation also that of another query, or of a page above. */
  async function copyFor(request: Request, status?: number): Promise<Response | undefined> {
    const url = withoutFragment(request.url)
    const exact = await store.copy(url)
    if (exact || request.mode !== 'navigate') return exact
    const page = await store.copyOfPath(url)
    if (page || (status && !gatewayErrors.includes(status))) return page
    const target = new URL(url)
    if (!isAppRoute(target, request.headers.get('accept'))) return undefined
    for (const place of placesAbove(target, scope)) {
      const above = await store.copyOfPath(place)
      if (above?.headers.get('content-type')?.includes('html')) return above
    }
    return undefined
  }

  /** `slow` and `erring` are said of its API: its files are still asked for first. */
  function ownState(): ServerState {
    if (failover.inService(`${origin}/`)) return 'in-service'
    const own = failover.status().servers.find(server => new URL(server.url).origin === origin)
    return own?.state ?? 'dead'
  }

  async function ask(event: FetchEvent, signal: AbortSignal): Promise<Response> {
    const { request } = event
    // Any init makes a navigation something else, and `fetch` forget the referrer.
    if (request.mode === 'navigate') return (await askedAhead(event)) ?? ports.fetch(request)
    const { referrer, referrerPolicy } = request
    return ports.fetch(request, { signal, referrer, referrerPolicy })
  }

  /** Decides while the body is unread; the rest is done while the page reads it. */
  function keep(event: FetchEvent, url: string, response: Response, changed: () => Promise<boolean>) {
    const { request, resultingClientId } = event
    const navigates = request.mode === 'navigate'
    if (intake.isAside()) return
    if (response.type === 'opaqueredirect') return redirects.add(resultingClientId, url)
    const known = store.has(url, response)
    if (known && !navigates) return
    const authorized = request.headers.has('authorization')
    const taken = known ? store.check().then(() => true) : intake.take(url, response, authorized, changed)
    const from = navigates ? redirects.of(resultingClientId) : []
    extend(
      event,
      taken.then(kept => (kept ? intake.takeRedirects(from, url) : undefined)),
    )
  }

  async function load(url: string, init: RequestInit) {
    const changed = watchCookies()
    const response = await ports.fetch(url, { priority: 'low', ...init })
    const wanted = listed.has(url) || shellTypes.test(response.headers.get('content-type') ?? '')
    if (wanted && response.url.startsWith(`${origin}/`)) await intake.take(url, response, false, changed)
    response.body?.cancel().catch(() => {})
  }

  /** One after another, so that the page's own requests find a free connection. */
  async function loadAll(urls: Iterable<string>, init: (url: string) => RequestInit) {
    for (const url of urls) {
      if (intake.isAside()) return
      await load(url, init(url)).catch(error => {
        const path = new URL(url).pathname
        if (listed.has(url)) notes.set(path, `${path} could not be fetched (${error})`)
      })
    }
  }

  async function adopt(urls: readonly string[], page: string | undefined) {
    if (rule !== 'auto' || intake.isAside()) return
    const wanted: string[] = []
    for (const text of new Set(page ? [page, ...urls] : urls)) {
      const url = new URL(withoutFragment(text), origin)
      if (local && isViteRequest(url)) intake.stepAside()
      if (url.origin !== origin || isApi(url)) continue
      if (!(await store.holds(url.href))) wanted.push(url.href)
    }
    // What the browser has kept need not be asked for again.
    await loadAll(wanted, url => ({ cache: 'force-cache', ...(url === page && { headers: { accept: 'text/html' } }) }))
  }

  async function tidy() {
    await store.check()
    if (rule !== 'auto') await store.drop(url => listed.has(url))
  }

  /** Lets the worker live until a copy is kept, but never for long: PLATFORM, surprise 2. */
  function extend(event: ExtendableEvent, work: Promise<unknown>) {
    try {
      event.waitUntil(atMost(10_000, work, clock))
    } catch {
      // The event is over: the work ends when it can.
    }
  }

  return {
    wants(request, url) {
      if (request.method !== 'GET' || url.origin !== origin || isApi(url)) return false
      if (request.headers.has('range') || isLeftAlone(request)) return false
      if (local && isViteRequest(url)) intake.stepAside()
      if (intake.isAside()) return false
      if (request.mode === 'navigate') return true
      return rule === 'auto' ? destinations.test(request.destination) : listed.has(withoutFragment(url.href))
    },

    async answer(event) {
      const { request } = event
      const url = withoutFragment(request.url)
      const navigates = request.mode === 'navigate'
      const startedAt = clock.now()
      await ports.waking()
      const state = ownState()
      const copy = state === 'dead' ? await copyFor(request).catch(() => undefined) : undefined
      if (copy) {
        // The browser has asked already: its answer is the first sign that the server is back.
        const heard = askedAhead(event).then(response => response && failover.heard(url, startedAt, statusOf(response)))
        extend(event, heard)
        return copy
      }

      const changed = navigates ? watchCookies() : async () => false
      const end = new AbortController()
      const network = ask(event, end.signal).then(response => {
        // Files come out of the browser's cache, too: that is no sign of life.
        if (navigates) failover.heard(url, startedAt, statusOf(response))
        keep(event, url, response, changed)
        return response
      })
      network.catch(() => end.signal.aborted || failover.look(url, () => {}))

      const standIn = async (status?: number) => {
        const copy = await copyFor(request, status)
        if (copy) end.abort()
        return copy
      }
      return patiently(network, { url, lookAfterMs: state === 'in-service' ? LOOK_MS : 0, standIn }, ports)
    },

    install: () => loadAll(listed, () => ({ cache: 'no-cache' })),
    adopt: (urls, page) => adopt(urls, page).catch(notes.storage),
    tidy: () => tidy().catch(notes.storage),
  }
}

/** A redirect that the browser follows itself shows as status 0. */
function statusOf({ status }: Response): number {
  return status || 302
}
