import type { AddRoutes } from './routes.ts'

declare const self: ServiceWorkerGlobalScope

/**
 * The same as `addRoutes` by a listener alone, for the file that people copy: it brings its own
 * `workbox-routing` or none, so there is no other route of that one to stand behind.
 */
export const listen: AddRoutes = (api, shell, isOff) => {
  self.addEventListener('fetch', event => {
    const { request } = event
    const url = new URL(request.url)
    if (isOff() || !/^http/.test(request.url)) return
    if (api.wants(event, url)) event.respondWith(api.answer(event, url))
    else if (shell?.wants(request, url)) event.respondWith(shell.answer(event))
  })
}
