import { createTransport } from '../src/adapters/cors-fetch.ts'
import { createStore, deleteStores } from '../src/adapters/idb-store.ts'
import { createListSource } from '../src/adapters/list-source.ts'
import { whenForbidden } from '../src/adapters/policy.ts'
import { clock, isOwn, random, realmFetch } from '../src/adapters/system.ts'
import { refusal } from '../src/core/check.ts'
import { createFailover } from '../src/core/failover.ts'
import { createKeeper, type Keeper } from '../src/core/keeper.ts'
import { nameOf } from '../src/core/messages.ts'
import { apiMatcher, repeatMatcher } from '../src/core/settings.ts'
import type { Status } from '../src/core/status.ts'
import { createApi } from './api.ts'
import { createHeard } from './heard.ts'
import { addLifecycle } from './lifecycle.ts'
import { createMemory, type Memory } from './memory.ts'
import { addMessages } from './messages.ts'
import { createNews } from './news.ts'
import { createNotes } from './notes.ts'
import type { AddRoutes } from './routes.ts'
import type { WorkerSettings } from './settings.ts'
import { createShell, type Shell, type ShellRule } from './shell.ts'
import { createShellStore, type ShellStore } from './shell-store.ts'

declare const self: ServiceWorkerGlobalScope

/** The worker's own handle on what it started. */
export interface OutriggerWorker {
  /** The same as pages see: plain data. */
  readonly status: Status
  /** Calls `listener` after every change of the status. Returns how to stop. */
  subscribe(listener: (status: Status) => void): () => void
  /** Fetches the server list anew. */
  update(): Promise<void>
  /** Unregisters the worker and deletes its caches and database. */
  stop(): Promise<void>
}

/** A worker that knows a list looks for a fresher one this long after its start; milliseconds. */
const REFRESH_MS = 1_000

let started = false

/**
 * Starts failover in a service worker with settings that were checked.
 *
 * @param addRoutes how it gets hold of the requests
 * @param complaint shown in the status
 * @throws FailoverError when called twice
 */
export function startWorker(settings: WorkerSettings, addRoutes: AddRoutes, complaint?: string): OutriggerWorker {
  if (started) throw refusal('bad-option', 'call outrigger() once')
  const { location, registration } = self
  const { origin } = location
  const { scope } = registration
  const name = nameOf(scope)
  const transport = createTransport()
  let memory: Memory | undefined
  let keeper: Keeper | undefined
  let shellStore: ShellStore | undefined
  let stopped = false

  const failover = createFailover(
    {
      own: origin,
      apiPath: pathOf(settings.api),
      overtake: settings.overtake,
      tuning: settings.defaults ?? {},
    },
    { clock, random, transport, changed: urgent => memory?.changed(urgent) },
  )
  const { problem } = failover
  const status = (): Status => ({ ...failover.status(), list: keeper?.status(), worker: 'active' })
  const news = createNews(name, random().toString(36).slice(2), status, clock)
  failover.subscribe(news.changed)
  whenForbidden(failover.forbid)
  const storageProblem = (message: string) => problem('storage', message)
  if (complaint) problem('option', complaint)

  const listStore = createStore(name, 'list', storageProblem)
  const { servers } = settings
  if (servers !== undefined) {
    keeper = createKeeper(
      { ...settings, servers, base: scope, own: origin, secure: location.protocol === 'https:' },
      {
        ...failover,
        clock,
        random,
        fetchText: createListSource(),
        save: saved => stopped || listStore.save(saved),
      },
    )
  }
  const list = listStore.load().then(saved => keeper?.restore(saved))
  memory = createMemory(
    createStore(name, 'memory', storageProblem),
    { restore: failover.restore, read: failover.memory, clock },
    list,
  )
  const { waking, loaded, isLoaded } = memory
  // The fresh list waits for the remembered one, which names more sources, and then for the requests that started the worker.
  void loaded.then(() => clock.after(keeper?.current() ? REFRESH_MS : 0, () => stopped || keeper?.refresh()))

  const isApi = apiMatcher(settings.api, scope)
  const repeatable = repeatMatcher(settings, scope)
  const heard = createHeard(clock)
  const ports = { failover, clock, fetch: realmFetch, probe: probeOwn, waking, isApi, origin, scope }
  const api = createApi({ ...ports, heard, repeatable, loaded, isLoaded })
  const shell = settings.shell === false ? undefined : openShell(settings.shell)

  addRoutes(api, shell, () => stopped)
  addLifecycle({ settings, keeper, shell, clock })
  addMessages({ ...ports, keeper, shell, news, heard, stop })
  self.addEventListener('fetch', () => stopped || keeper?.refreshIfOld())
  started = true

  function openShell(rule: ShellRule): Shell {
    shellStore = createShellStore(name, self.caches, clock)
    return createShell(rule, { ...ports, store: shellStore, notes: createNotes(failover) })
  }

  function probeOwn(answered: () => void) {
    const { href } = new URL(failover.list()?.probe ?? scope, scope)
    const own = isOwn(href)
    transport.probe({ url: own ? href : scope, method: own ? 'GET' : 'HEAD' }, end => end && answered())
  }

  async function stop() {
    stopped = true
    memory?.close()
    shellStore?.close()
    await registration.unregister()
    await Promise.allSettled([self.caches?.delete(name), deleteStores(name)])
    news.stopped()
  }

  return {
    get status() {
      return status()
    },
    subscribe: listener => failover.subscribe(() => listener(status())),
    update: () => keeper?.refresh() ?? Promise.resolve(),
    stop,
  }
}

/** The first path that `api` names, for probes when the list names none. */
function pathOf(api: WorkerSettings['api']): string | undefined {
  return api?.find(rule => typeof rule === 'string' && rule.startsWith('/')) as string | undefined
}
