// A route of the app itself. It stands before outrigger(), so it wins.
self.addEventListener('fetch', event => {
  if (new URL(event.request.url).pathname !== '/hello') return
  event.respondWith(new Response('Hello from your own worker.'))
})

// Open pages are left as they are until the next load, as with any worker: `claim: true` changes that.
importScripts('/outrigger-sw.js')
outrigger({ servers: '/servers.json', api: '/api/', shell: ['/', '/app.js'] })
