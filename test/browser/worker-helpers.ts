import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import type { Status } from '../../src/core/status.ts'
import { controlled, openBrowser, type Tab, type TestBrowser } from '../support/browser.ts'
import { askWorker } from '../support/counting-worker.ts'
import type { Farm, FarmOptions, Page } from '../support/farm.ts'
import { createKeptFarm } from '../support/kept-farm.ts'

export const js = { 'content-type': 'text/javascript; charset=utf-8' }
export const css = { 'content-type': 'text/css; charset=utf-8' }

/** What the worker of these tests is told. */
export const query = 'servers=/servers.json&api=/api/'

/** In a list: a server whose probe is late, as on a busy machine, is not passed over, nor taken for dead. */
export const unhurried = { defaults: { probeTimeoutMs: 3_000, ownProbeMs: 3_000 } }

/** A page with a script and a style sheet that registers the worker by hand. */
export function appPage(name: string, more = ''): Page {
  return {
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name}</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/style.css"></head>
<body><p>${name}</p><script src="/app.js"></script>${more}</body></html>`,
  }
}

export const appFiles: Record<string, Page> = {
  '/style.css': { body: 'p { color: rgb(1, 2, 3) }', headers: css },
  '/app.js': { body: 'document.body.dataset.app = "runs"', headers: js },
}

/** Servers that all have `dist`, a small app on the first one. */
export function appFarm(options: Omit<FarmOptions, 'script'> = {}): Promise<Farm> {
  return createKeptFarm({
    servers: 3,
    files: [],
    ...options,
    pages: { '/': appPage('home'), ...appFiles, ...options.pages },
  })
}

/**
 * Every server healthy, and asked once: a server's first answer takes it longest, and on a busy machine longer than a
 * probe waits.
 */
export async function restoreAll(farm: Farm): Promise<void> {
  for (const server of farm.servers) {
    await server.restore()
    await fetch(`${server.url}/api/echo/1`)
  }
}

/** One browser and one farm for all tests of a file, closed at its end. */
export function shared(make: () => Promise<Farm>): { browser: TestBrowser; farm: Farm } {
  const here = {} as { browser: TestBrowser; farm: Farm }
  beforeAll(async () => Object.assign(here, { browser: await openBrowser(), farm: await make() }))
  afterAll(async () => {
    await here.browser?.close()
    await here.farm?.close()
  })
  return here
}

/** One browser for a whole file, and servers of its own for each test. */
export function fresh(make: () => Promise<Farm>): { browser: TestBrowser; farm: Farm } {
  const here = {} as { browser: TestBrowser; farm: Farm }
  beforeAll(async () => {
    here.browser = await openBrowser()
  })
  afterAll(() => here.browser?.close())
  beforeEach(async () => {
    here.farm = await make()
  })
  afterEach(async () => {
    await here.browser.closeClients()
    await here.farm?.close()
  })
  return here
}

/** Opens the app in a client of its own and waits until the worker controls it. */
export async function openApp(browser: TestBrowser, farm: Farm, path = '/', workerQuery = query): Promise<Tab> {
  const { page } = await browser.newClient(farm.primary.url + path)
  await install(page, `/outrigger-sw.js?${workerQuery}`)
  return page
}

/** The same, with its shell kept whole: the page was loaded once under the worker. */
export async function openKept(browser: TestBrowser, farm: Farm, path = '/', workerQuery = query): Promise<Tab> {
  const page = await openApp(browser, farm, path, workerQuery)
  await page.reload()
  await untilKept(page, path, '/app.js', '/style.css')
  return page
}

export async function install(page: Tab, worker: string): Promise<void> {
  await page.evaluate(async url => {
    await navigator.serviceWorker.register(url, { updateViaCache: 'none' })
    await navigator.serviceWorker.ready
  }, worker)
  await controlled(page)
}

/** What the worker's status says now, and which life of the worker said it. */
export function statusOf(page: Tab): Promise<Status & { startId: string }> {
  return page.evaluate(
    () =>
      new Promise<Status & { startId: string }>(resolve => {
        void navigator.serviceWorker.ready.then(({ scope, active }) => {
          const channel = new BroadcastChannel(`outrigger:${scope}`)
          channel.onmessage = ({ data }) => {
            channel.close()
            resolve({ ...data.status, startId: data.startId })
          }
          active?.postMessage({ outrigger: 'status' })
        })
      }),
  )
}

/** Paths, with their queries, of what the shell has kept. */
export function kept(page: Tab): Promise<string[]> {
  return page.evaluate(async () => {
    const names = (await caches.keys()).filter(name => name.startsWith('outrigger'))
    const keys = await Promise.all(names.map(async name => (await caches.open(name)).keys()))
    return keys
      .flat()
      .map(({ url }) => url.slice(location.origin.length))
      .sort()
  })
}

/** Waits until the shell has kept all of these. */
export async function untilKept(page: Tab, ...paths: string[]): Promise<void> {
  await page.waitForFunction(
    async paths => {
      const names = (await caches.keys()).filter(name => name.startsWith('outrigger'))
      const keys = await Promise.all(names.map(async name => (await caches.open(name)).keys()))
      const urls = keys.flat().map(({ url }) => url.slice(location.origin.length))
      return paths.every(path => urls.includes(path))
    },
    { polling: 50, timeout: 10_000 },
    paths,
  )
}

/** The app of `appPage` is there, whole: page, script and style. */
export function looks(page: Tab) {
  return page.evaluate(() => ({
    title: document.title,
    app: document.body.dataset.app,
    colour: getComputedStyle(document.querySelector('p') ?? document.body).color,
  }))
}

export const whole = (title: string) => ({ title, app: 'runs', colour: 'rgb(1, 2, 3)' })

/** The prebuilt worker, which also keeps the URL of everything that it answers. */
export async function notingWorker(): Promise<Page> {
  const note = `
const answered = []
const { respondWith } = FetchEvent.prototype
FetchEvent.prototype.respondWith = function (answer) {
  answered.push(this.request.url)
  return respondWith.call(this, answer)
}
addEventListener('message', ({ data, ports }) => data === 'answered' && ports[0].postMessage(answered))
`
  return { body: note + (await readFile('dist/outrigger-sw.js', 'utf8')), headers: js }
}

/** The URLs that a noting worker answered, oldest first; pages are among them. */
export function answeredBy(page: Tab): Promise<string[]> {
  return askWorker(page, 'answered')
}
