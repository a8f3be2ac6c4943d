// The least that a worker which answers can do: what ours is compared with. It takes over at once, as ours does.
addEventListener('install', () => {
  skipWaiting()
})

addEventListener('activate', event => {
  event.waitUntil(clients.claim())
})

addEventListener('fetch', event => {
  // Only the API, as ours by default.
  if (new URL(event.request.url).pathname.startsWith('/api/')) {
    event.respondWith(fetch(event.request))
  }
})

// One kilobyte, as the worker that a start is compared with:
// ........................................................................................................................
// ........................................................................................................................
// ........................................................................................................................
// ..........................................................................................................
