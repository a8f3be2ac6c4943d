import { type FromWorker, nameOf, type ToWorker } from '../core/messages.ts'

/** How long the worker may take to close its own and say so. */
const WORKER_MS = 1_000

/** Unregisters our worker at `scope` and deletes our caches and database. What another open tab still holds goes when it closes. */
export async function removeTraces(scope: string, isOurs: (worker: ServiceWorker) => boolean): Promise<void> {
  const registrations = (await navigator.serviceWorker?.getRegistrations()) ?? []
  for (const registration of registrations) {
    const worker = registration.active ?? registration.waiting ?? registration.installing
    if (registration.scope !== scope || !worker || !isOurs(worker)) continue
    if (registration.active) await askToStop(registration.active, scope)
    await registration.unregister()
  }
  const name = nameOf(scope)
  await window.caches?.delete(name)
  await deleteDatabase(name)
}

function askToStop(worker: ServiceWorker, scope: string): Promise<void> {
  return new Promise(resolve => {
    const channel = new BroadcastChannel(nameOf(scope))
    const end = () => {
      channel.close()
      clearTimeout(timer)
      resolve()
    }
    const timer = setTimeout(end, WORKER_MS)
    channel.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (data?.outrigger === 'stopped') end()
    }
    worker.postMessage({ outrigger: 'stop' } satisfies ToWorker)
  })
}

function deleteDatabase(name: string): Promise<void> {
  return new Promise(resolve => {
    try {
      const request = indexedDB.deleteDatabase(name)
      request.onsuccess = request.onerror = request.onblocked = () => resolve()
    } catch {
      resolve() // no storage, nothing to delete
    }
  })
}
