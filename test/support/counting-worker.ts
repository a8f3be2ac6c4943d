import { readFile } from 'node:fs/promises'
import type { Tab } from './engines/tab.ts'
import type { Farm, FarmServer, Page } from './farm.ts'

/** One request as it left the client. */
export interface SentRequest {
  method: string
  /** Without a fragment. */
  url: string
  /** Wall time in milliseconds. */
  at: number
}

/**
 * The prebuilt worker, which also counts what leaves by it: what it sends itself, and what it leaves to the page. A server
 * that is stopped or gone cannot tell what it was asked; the engine's own repeats on a broken connection are not counted.
 */
export async function countingWorker(): Promise<Page> {
  const count = `
const sent = [], events = [], answered = new Set
const note = (request, init) => ({
  method: init?.method ?? request.method ?? 'GET',
  url: new URL(request.url ?? request, location).href.split('#')[0],
  at: Date.now(),
})
const { fetch: send } = self
self.fetch = (request, init) => (sent.push(note(request, init)), send(request, init))
addEventListener('fetch', event => events.push({ event, ...note(event.request) }))
const { respondWith } = FetchEvent.prototype
FetchEvent.prototype.respondWith = function (answer) {
  answered.add(this)
  return respondWith.call(this, answer)
}
addEventListener('message', ({ data, ports }) => {
  if (data !== 'sent') return
  const left = events.filter(({ event }) => !answered.has(event)).map(({ event, ...one }) => one)
  ports[0].postMessage([...sent, ...left])
})
`
  const headers = { 'content-type': 'text/javascript; charset=utf-8' }
  return { body: `{${count}}\n${await readFile('dist/outrigger-sw.js', 'utf8')}`, headers }
}

/** What a worker answers to a word of a test's. */
export function askWorker<T>(page: Tab, word: string): Promise<T> {
  return page.evaluate(async word => {
    const { active } = await navigator.serviceWorker.ready
    const { port1, port2 } = new MessageChannel()
    return new Promise<T>(resolve => {
      port1.onmessage = ({ data }) => resolve(data)
      active!.postMessage(word, [port2])
    })
  }, word)
}

/** Everything that a counting worker has seen leave since it started. */
export function sentFrom(page: Tab): Promise<SentRequest[]> {
  return askWorker(page, 'sent')
}

/** What of it went to this server's API; probes are no part of that. */
export async function apiSentTo(page: Tab, { url }: FarmServer): Promise<SentRequest[]> {
  return (await sentFrom(page)).filter(one => one.url.startsWith(`${url}/api/`))
}

/** Has the farm's pages get the counting worker. */
export async function countRequests(farm: Farm): Promise<void> {
  await farm.setPage('/outrigger-sw.js', await countingWorker())
}
