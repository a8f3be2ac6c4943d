import { Route } from 'workbox-routing/Route.js'
import { getOrCreateDefaultRouter } from 'workbox-routing/utils/getOrCreateDefaultRouter.js'
import type { Api } from './api.ts'
import type { Shell } from './shell.ts'

declare const self: ServiceWorkerGlobalScope

/** All that `workbox-routing` sorts by. */
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export type AddRoutes = (api: Api, shell: Shell | undefined, isOff: () => boolean) => void

/**
 * Puts our routes behind those that the app's own worker has registered so far: with
 * `workbox-routing` the first route that matches answers, and among listeners the first
 * that calls `respondWith`. So an app's routes go before `outrigger()` if they should
 * win, and behind it if they should get what is left.
 */
export const addRoutes: AddRoutes = (api, shell, isOff) => {
  const wants = (event: FetchEvent, url: URL) => !isOff() && api.wants(event, url)

  // What `registerRoute` does, without the strings and expressions that it takes too: those weigh 0.2 kB.
  const add = (...route: ConstructorParameters<typeof Route>) =>
    getOrCreateDefaultRouter().registerRoute(new Route(...route))

  for (const method of methods) {
    add(
      ({ event, url }) => wants(event as FetchEvent, url),
      ({ event, url }) => api.answer(event as FetchEvent, url),
      method,
    )
  }
  if (shell) {
    add(
      ({ request, url }) => !isOff() && shell.wants(request, url),
      ({ event }) => shell.answer(event as FetchEvent),
    )
  }
  self.addEventListener('fetch', event => {
    if ((methods as readonly string[]).includes(event.request.method)) return
    const url = new URL(event.request.url)
    if (wants(event, url)) event.respondWith(api.answer(event, url))
  })
}
