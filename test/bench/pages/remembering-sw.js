// A pass-through worker that, as ours, asks the first server only once one saved record was read: the least that memory costs.
const saved = new Promise(resolve => {
  const opening = indexedDB.open('remembering', 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore('state')
  opening.onsuccess = () => {
    const asking = opening.result.transaction('state').objectStore('state').get('memory')
    asking.onsuccess = resolve
  }
})

addEventListener('install', () => {
  skipWaiting()
})

addEventListener('activate', event => {
  event.waitUntil(clients.claim())
})

addEventListener('fetch', event => {
  if (new URL(event.request.url).pathname.startsWith('/api/')) {
    event.respondWith(saved.then(() => fetch(event.request)))
  }
})
