import { readFile } from 'node:fs/promises'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { controlled, engineName, type Tab } from '../../support/browser.ts'
import { pageOf } from '../../support/engines/puppeteer.ts'
import { fetchIn, tagPage } from '../page-helpers.ts'
import { appFarm, js, openApp, restoreAll, shared, statusOf, untilKept } from '../worker-helpers.ts'

/** IndexedDB or Cache Storage that is missing, broken, silent, full or cleared: requests are covered all the same. */

const here = shared(() => appFarm({ pages: { '/tag': tagPage() } }))
let worker: string
beforeAll(async () => {
  worker = await readFile('dist/outrigger-sw.js', 'utf8')
})
beforeEach(async () => {
  await here.farm.setPage('/outrigger-sw.js', undefined)
  await restoreAll(here.farm)
})

const storageProblems = async (page: Tab) =>
  (await statusOf(page)).problems.filter(({ code }) => code === 'storage').map(({ message }) => message)

/** What runs in the worker before us; a promise nobody handles is kept in `lost`. */
const before = (source: string) =>
  `const lost = []; addEventListener('unhandledrejection', ({ reason }) => lost.push(String(reason)))
addEventListener('message', ({ data, ports }) => data === 'lost' && ports[0].postMessage(lost))
${source}\n`

const lost = (page: Tab) =>
  page.evaluate(
    () =>
      new Promise<string[]>(resolve => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = ({ data }) => resolve(data)
        navigator.serviceWorker.controller!.postMessage('lost', [port2])
      }),
  )

/** What `Clear-Site-Data: "storage"` does. */
async function clearAll(): Promise<void> {
  for (const registration of await navigator.serviceWorker.getRegistrations()) await registration.unregister()
  for (const name of await caches.keys()) await caches.delete(name)
  for (const { name } of await indexedDB.databases()) indexedDB.deleteDatabase(name!)
}

const broken: [name: string, source: string, told: string][] = [
  [
    'IndexedDB is missing',
    'self.indexedDB = undefined; delete self.indexedDB; Object.defineProperty(self, "indexedDB", { value: undefined })',
    'IndexedDB',
  ],
  [
    'IndexedDB throws',
    'IDBFactory.prototype.open = () => { throw new DOMException("no", "SecurityError") }',
    'IndexedDB',
  ],
  ['a database never opens', 'IDBFactory.prototype.open = () => ({})', 'IndexedDB'],
  ['Cache Storage is missing', 'Object.defineProperty(self, "caches", { value: undefined })', 'Cache Storage'],
  [
    'Cache Storage throws',
    'CacheStorage.prototype.open = () => Promise.reject(new DOMException("no", "SecurityError"))',
    'Cache Storage',
  ],
]

test.each(broken)('where %s, requests are covered and the status tells', async (_name, source, told) => {
  await here.farm.setPage('/outrigger-sw.js', { body: before(source) + worker, headers: js })
  const page = await openApp(here.browser, here.farm)
  await page.reload()
  await expect.poll(async () => (await statusOf(page)).list?.servers, { timeout: 10_000 }).toBe(3)
  await here.farm.primary.fault('reset')
  for (const n of [1, 2, 3]) expect(await fetchIn(page, `/api/echo/${n}`)).toMatchObject({ ok: true })
  await expect.poll(() => storageProblems(page), { timeout: 10_000 }).toContainEqual(expect.stringContaining(told))
  expect(await lost(page)).toEqual([])
  await page.browserContext().close()
})

test('a database deleted by the page is let go of, and made anew', async () => {
  const page = await openApp(here.browser, here.farm)
  const deleted = await page.evaluate(
    () =>
      new Promise(resolve => {
        const request = indexedDB.deleteDatabase(`outrigger:${location.origin}/`)
        request.onsuccess = () => resolve('deleted')
        request.onblocked = () => setTimeout(() => resolve('blocked'), 3_000)
      }),
  )
  expect(deleted).toBe('deleted')
  await here.farm.primary.fault('reset')
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true })
  await page.waitForFunction(
    async () => (await indexedDB.databases()).some(({ name }) => name === `outrigger:${location.origin}/`),
    {
      polling: 100,
    },
  )
  expect(await storageProblems(page)).toEqual([])
  await page.browserContext().close()
})

test('caches that are deleted are filled anew', async () => {
  const page = await openApp(here.browser, here.farm)
  await page.reload()
  await untilKept(page, '/app.js', '/style.css')
  await page.evaluate(async () => void (await Promise.all((await caches.keys()).map(name => caches.delete(name)))))
  await page.reload()
  await page.reload()
  await untilKept(page, '/app.js', '/style.css')
  await page.browserContext().close()
})

test('after Clear-Site-Data the page is covered on, and under a worker again when it is loaded anew', async () => {
  const { page } = await here.browser.newClient(`${here.farm.primary.url}/tag`)
  await controlled(page)
  await here.farm.setPage('/logout', { body: 'bye', headers: { 'clear-site-data': '"storage"' } })
  await page.evaluate(async () => void (await fetch('/logout')).text())
  // WebKit does so by https alone.
  if (engineName === 'webkit') await page.evaluate(clearAll)
  await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistrations()).length === 0, {
    polling: 100,
  })
  await here.farm.primary.fault('reset')
  for (const n of [1, 2, 3]) expect(await fetchIn(page, `/api/echo/${n}`)).toMatchObject({ ok: true })
  await here.farm.primary.restore()
  await page.reload()
  await controlled(page)
  await here.farm.primary.fault('reset')
  expect(await fetchIn(page, '/api/echo/4')).toMatchObject({ ok: true })
  await page.browserContext().close()
})

if (engineName === 'chromium')
  test('a full disk is told of, and requests are covered', async () => {
    const page = await openApp(here.browser, here.farm)
    const session = await pageOf(page).createCDPSession()
    await session.send('Storage.overrideQuotaForOrigin', { origin: here.farm.primary.url, quotaSize: 1 })
    await page.reload()
    await expect.poll(() => storageProblems(page)).toContainEqual(expect.stringContaining('Cache Storage'))
    await here.farm.primary.fault('reset')
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true })
    await page.browserContext().close()
  })
