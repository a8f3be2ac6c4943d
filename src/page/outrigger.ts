import type { FailureRecord } from '../core/errors.ts'
import { CALL } from '../core/messages.ts'
import { apiMatcher, type Settings } from '../core/settings.ts'
import type { Problem, Status } from '../core/status.ts'
import { type Enrolled, enrol, isOurScript, type RegisterWorker } from './enrol.ts'
import type { Lane, Way } from './lane.ts'
import type { Late } from './late.ts'
import { createCoverHolder, createLateLoader } from './late-loader.ts'
import { createLink } from './link.ts'
import { whenLoaded } from './loaded.ts'
import { createStatusBoard } from './status-board.ts'
import { watchStreams } from './streams.ts'
import { whenUsed } from './used.ts'
import { wrapEventSource } from './wrap-event-source.ts'
import { wrapFetch } from './wrap-fetch.ts'
import { wrapXhr } from './wrap-xhr.ts'

/** What an app holds in its hand. */
export interface Outrigger {
  /** Plain data, the same in every tab. */
  readonly status: Status
  /** Calls `listener` at every change, from whichever tab. Returns how to stop that. */
  subscribe(listener: (status: Status) => void): () => void
  /** Fetches the server list anew and looks for a newer worker. */
  update(): Promise<void>
  /** Switches all off for good: unregisters the worker, deletes our caches and database. Until a reload the page goes without. */
  stop(): Promise<void>
  /** `failure`: a request of this app failed for good; `event.detail` is its record. Also `outrigger:failure` on `window`. */
  addEventListener(type: 'failure', listener: (event: CustomEvent<FailureRecord>) => void): void
  removeEventListener(type: 'failure', listener: (event: CustomEvent<FailureRecord>) => void): void
}

export interface Plan {
  /** As `settingsHere` gives them. */
  settings: Settings
  /** The worker's file with its query. */
  worker: URL
  scope: URL
  type?: WorkerType
  register: RegisterWorker
  /** What was found wrong before. */
  problems: Problem[]
  /** Switched off for this session. */
  off: boolean
  /** How to get what comes late. */
  late: () => Promise<Late>
  /** False: only a worker covers the page. */
  covers: boolean
}

/** How long a worker that is stopped may still speak. */
const DYING_MS = 500

/** Joins the page side. Wraps `fetch` and XHR at once, for good; `registered` resolves when the worker is, or cannot be. */
export function createOutrigger(plan: Plan): { outrigger: Outrigger; registered: Promise<void> } {
  const { settings } = plan
  const native = window.fetch.bind(window)
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined
  const base = () => document.baseURI
  const isApi = apiMatcher(settings.api, base())
  const isOnce = apiMatcher(settings.once, base())
  let off = plan.off
  let registration: ServiceWorkerRegistration | undefined

  const controller = () => {
    const worker = container?.controller
    return worker && isOurScript(worker.scriptURL, plan.worker) ? worker : null
  }
  // A worker whose list was out of its reach knows nobody to turn to: the cover, if it does, goes on.
  const workerServes = () => controller() && (link.status()?.list || !cover.now()?.status().list)
  const board = createStatusBoard(() => ({
    worker: off ? 'off' : controller() ? 'active' : 'none',
    fromWorker: link.status(),
    fromCover: cover.now()?.status(),
    workerServes: !!workerServes(),
  }))
  for (const problem of plan.problems) board.problem(problem)
  const link = createLink(plan.scope.href, () => controller() ?? registration?.active, board.changed, switchOff)
  const load = createLateLoader(plan.late)
  const covers = Boolean(plan.covers && settings.servers && settings.api)
  const cover = createCoverHolder(
    load,
    async ({ createCover, core }) => createCover(settings, coverPorts, await core),
    board.problem,
  )
  const coverPorts = {
    fetch: native,
    scope: plan.scope.href,
    changed(urgent: boolean) {
      if (urgent) tellNews()
      board.changed()
    },
  }

  function way(url: URL): Way {
    // Another copy of us has it in hand.
    if (url.hash.startsWith(`#${CALL}`) || !isApi(url)) return 'plain'
    if (off) return container?.controller ? 'pass' : 'plain'
    if (workerServes()) return 'worker'
    return covers ? 'cover' : 'plain'
  }

  const lane: Lane = {
    base,
    way,
    cover: cover.now,
    get arrived() {
      return cover.load()
    },
    streams: watchStreams(() => link.post({ outrigger: 'ping' })),
    sent: id => link.post({ outrigger: 'sent', id }),
    gaveUp: id => link.post({ outrigger: 'abort', id }),
    ask: link.ask,
    status: board.status,
    failure: board.failure,
    late: load,
    life: link.startId,
    async revived(life, url) {
      if (isOnce(new URL(url))) return false
      await link.ask()
      // That may have been the last word of one that is dying.
      if (link.startId() === life) {
        await new Promise(resolve => setTimeout(resolve, DYING_MS))
        await link.ask()
      }
      return link.startId() !== life
    },
  }
  window.fetch = wrapFetch(native, lane)
  window.EventSource = wrapEventSource(window.EventSource, lane)
  window.XMLHttpRequest = wrapXhr(window.XMLHttpRequest, native, lane)

  function tellNews(): void {
    const memory = cover.now()?.memory()
    if (memory !== undefined) link.post({ outrigger: 'news', memory })
  }

  function switchOff(): void {
    off = true
    board.changed()
  }

  function start(): Promise<void> {
    if (off) return Promise.resolve()
    const uncovered = !controller()
    if (!uncovered) link.post({ outrigger: 'status' })
    else if (covers) void cover.load()
    container?.addEventListener('controllerchange', () => {
      tellNews()
      link.post({ outrigger: 'status' })
      board.changed()
    })
    whenUsed(() => {
      if (off) return
      if (controller()) link.post({ outrigger: 'warm' })
      else cover.now()?.warm()
    })
    let told = false
    const active = () => {
      tellNews()
      if (!uncovered || told || settings.shell === false) return
      told = true
      whenLoaded(urls => link.post({ outrigger: 'loaded', urls }))
    }
    return enrol(plan, plan.register, () => setTimeout(active)).then(async found => {
      const registered = 'scope' in found
      if (registered) registration = found
      if (!registered || !location.pathname.startsWith(plan.scope.pathname)) board.problem(await explain(found))
      board.changed()
    })
  }

  async function explain(found: Enrolled): Promise<Problem> {
    try {
      return await (await load()).explain(found, plan, native)
    } catch (error) {
      return { code: 'worker', message: String('error' in found ? found.error : error) }
    }
  }

  const outrigger: Outrigger = {
    get status() {
      return board.status()
    },
    subscribe: board.subscribe,
    async update() {
      link.post({ outrigger: 'update' })
      // A worker whose server is gone cannot be newer; the list may come from elsewhere.
      await Promise.all([registration?.update().catch(() => {}), cover.now()?.update()])
    },
    async stop() {
      switchOff()
      const { removeTraces } = await load()
      await removeTraces(plan.scope.href, worker => isOurScript(worker.scriptURL, plan.worker))
    },
    addEventListener: (type, listener) => board.events.addEventListener(type, listener as EventListener),
    removeEventListener: (type, listener) => board.events.removeEventListener(type, listener as EventListener),
  }
  return { outrigger, registered: start() }
}
