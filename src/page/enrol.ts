import { Workbox } from 'workbox-window'
import { explainForeign, explainWorkerFile, isOurScript, type WorkerFile } from './worker-file.ts'

export interface Enrolment {
  /** The worker's file with its query. */
  worker: URL
  /** Absolute. */
  scope: URL
  type?: WorkerType
}

/** Why there is no worker: a stable word and what to do. */
export interface NoWorker {
  code: 'no-worker' | 'worker' | 'foreign-worker'
  message: string
}

/**
 * Registers the worker, and calls `active` whenever one of ours gets active. Never replaces somebody
 * else's. Never throws: without a worker the page works on by its cover.
 */
export async function enrol(
  { worker, scope, type }: Enrolment,
  fetch: typeof window.fetch,
  active: () => void,
): Promise<ServiceWorkerRegistration | NoWorker> {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined
  if (!container) return { code: 'no-worker', message: absent() }
  try {
    const there = (await container.getRegistrations()).find(one => one.scope === scope.href)
    const script = (there?.active ?? there?.waiting ?? there?.installing)?.scriptURL
    if (script && !isOurScript(script, worker))
      return { code: 'foreign-worker', message: explainForeign(script, worker, scope.href) }
    const workbox = new Workbox(worker.href, { scope: scope.href, updateViaCache: 'none', type: type ?? 'classic' })
    workbox.addEventListener('activated', active)
    const registration = await workbox.register({ immediate: true })
    if (!registration) return { code: 'no-worker', message: absent() }
    if (registration.active) active()
    return registration
  } catch (error) {
    const why = explainWorkerFile(worker, scope, await look(worker, fetch))
    const message =
      why ?? `the worker ${worker.href} did not register: ${error instanceof Error ? error.message : error}`
    return { code: 'worker', message }
  }
}

function absent(): string {
  const why = window.isSecureContext
    ? 'this browser, or its private mode, has no service workers'
    : `pages from ${location.origin} get no service workers, only https: and localhost do`
  return `${why}. The page covers its own requests; a reload with the server gone does not work.`
}

async function look(worker: URL, fetch: typeof window.fetch): Promise<WorkerFile> {
  try {
    const { status, headers, body } = await fetch(worker.href, { cache: 'no-store', credentials: 'same-origin' })
    void body?.cancel()
    return { status, type: headers.get('content-type') ?? '', allowed: headers.get('service-worker-allowed') }
  } catch {
    return { status: undefined, type: '', allowed: null }
  }
}
