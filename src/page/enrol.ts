export interface Enrolment {
  /** The worker's file with its query. */
  worker: URL
  scope: URL
  type?: WorkerType
}

/** Registers the worker, and calls `active` whenever one that it brought gets active. */
export type RegisterWorker = (
  enrolment: Enrolment,
  active: () => void,
) => Promise<ServiceWorkerRegistration | undefined>

/** The registration, or why there is none: no such thing here, somebody else's is there, or it did not register. */
export type Enrolled = ServiceWorkerRegistration | { absent: true } | { foreign: string } | { error: unknown }

/**
 * Registers the worker, and calls `active` whenever one of ours gets active. Never replaces somebody
 * else's. Never throws: without a worker the page works on by its cover.
 */
export async function enrol(enrolment: Enrolment, register: RegisterWorker, active: () => void): Promise<Enrolled> {
  const { worker, scope } = enrolment
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined
  if (!container) return { absent: true }
  try {
    const there = (await container.getRegistrations()).find(one => one.scope === scope.href)
    const script = (there?.active ?? there?.waiting ?? there?.installing)?.scriptURL
    if (script && !isOurScript(script, worker)) return { foreign: script }
    const registration = await register(enrolment, active)
    if (!registration) return { absent: true }
    if (registration.active) active()
    return registration
  } catch (error) {
    return { error }
  }
}

/** True if the script is the one we mean: the same path, or a prebuilt worker of ours that lay elsewhere. */
export function isOurScript(scriptUrl: string, ours: URL): boolean {
  const { pathname } = new URL(scriptUrl)
  return pathname === ours.pathname || /\/outrigger-sw\.js$/.test(pathname)
}
