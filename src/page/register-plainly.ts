import type { RegisterWorker } from './enrol.ts'

/** As `registerByWorkbox` does, without the library: the script tag has no room for it. */
export const registerPlainly: RegisterWorker = async ({ worker, scope, type = 'classic' }, active) => {
  const options = { scope: scope.href, updateViaCache: 'none', type } as const
  const registration = await navigator.serviceWorker.register(worker.href, options)
  const watch = () => {
    const { installing } = registration
    installing?.addEventListener('statechange', () => installing.state === 'activated' && active())
  }
  registration.addEventListener('updatefound', watch)
  watch()
  return registration
}
