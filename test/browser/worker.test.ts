import { expect, test, vi } from 'vitest'
import { engineName, needing, stopAllWorkers, type Tab } from '../support/browser.ts'
import { slack } from '../support/full.ts'
import { fetchIn } from './page-helpers.ts'
import {
  answeredBy,
  appFarm,
  appPage,
  fresh,
  js,
  notingWorker,
  openApp,
  openKept,
  query,
  statusOf,
} from './worker-helpers.ts'

const here = fresh(appFarm)

const asked = (index: number) => here.farm.servers[index]!.log().filter(({ path }) => path.startsWith('/api/'))

/** What `fetch` says by itself when a worker has no answer. */
const engineError = {
  chromium: 'TypeError: Failed to fetch',
  firefox: 'TypeError: NetworkError when attempting to fetch resource.',
  webkit: 'TypeError: Response served by service worker is an error',
}[engineName]

/** Whether the worker, a noting one, answered a request of the page. */
async function answeredByWorker(page: Tab, url: string, init: RequestInit = {}) {
  const before = (await answeredBy(page)).length
  await page.evaluate(
    (url, init) =>
      fetch(url, init).then(
        () => {},
        () => {},
      ),
    url,
    init as Record<string, string>,
  )
  return (await answeredBy(page)).slice(before).includes(url)
}

needing('stop workers')('the list survives the worker and the server that had it', async () => {
  const page = await openApp(here.browser, here.farm)
  const before = await statusOf(page)
  expect(before).toMatchObject({ worker: 'active', state: 'ok', list: { servers: 3 } })
  expect(before.list?.source).toBe(`${here.farm.primary.url}/servers.json`)
  await here.farm.primary.kill()
  await stopAllWorkers(page)
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: expect.any(Number) })
  const after = await statusOf(page)
  expect(after.list?.servers).toBe(3)
  expect(after.startId).not.toBe(before.startId)
  await page.browserContext().close()
})

needing('stop workers')(
  'a server found dead in one tab is not asked first in another, nor after a restart of the worker',
  async () => {
    const page = await openKept(here.browser, here.farm)
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 0 })
    await here.farm.primary.fault('mute')
    const first = await fetchIn(page, '/api/echo/2')
    expect(first.ok).toBe(true)
    expect(first.ms).toBeLessThan(2_000 * slack)
    here.farm.primary.clear()
    const other = await page.browserContext().newPage()
    await other.goto(`${here.farm.primary.url}/`)
    expect(await fetchIn(other, '/api/echo/3')).toMatchObject({ ok: true })
    await stopAllWorkers(page)
    const again = await fetchIn(page, '/api/echo/4')
    expect(again.ok).toBe(true)
    expect(again.ms).toBeLessThan(500 * slack)
    expect((await statusOf(page)).servers).toContainEqual(
      expect.objectContaining({ url: `${here.farm.primary.url}/`, state: 'dead' }),
    )
    expect(asked(0)).toEqual([])
    await page.browserContext().close()
  },
)

test('only what `api` names is answered', async () => {
  await here.farm.setPage('/outrigger-sw.js', await notingWorker())
  const page = await openApp(here.browser, here.farm)
  const { url } = here.farm.primary
  expect(await answeredByWorker(page, `${url}/api/echo/1`)).toBe(true)
  expect(await answeredByWorker(page, `${url}/api/echo/2`, { method: 'DELETE' })).toBe(true)
  expect(await answeredByWorker(page, `${url}/api/echo/3#outrigger:pass`)).toBe(false)
  expect(await answeredByWorker(page, `${url}/healthz`)).toBe(false)
  expect(await answeredByWorker(page, `${url}/api/echo/5`, { headers: { accept: 'text/event-stream' } })).toBe(false)
  // Elsewhere: not even the API of another server of ours.
  expect(await answeredByWorker(page, `${here.farm.servers[1]!.url}/api/echo/1`)).toBe(false)
  expect(await answeredByWorker(page, `${here.farm.servers[1]!.url}/image.png`)).toBe(false)
  await page.browserContext().close()
})

test.skipIf(engineName === 'webkit')('a beacon of a page that is closed reaches another server', async () => {
  const page = await openApp(here.browser, here.farm)
  const other = await page.browserContext().newPage()
  await other.goto(`${here.farm.primary.url}/`)
  await here.farm.primary.kill()
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true })
  await page.evaluate(() => navigator.sendBeacon('/api/echo/beacon', 'bye'))
  await page.close()
  const arrived = () =>
    asked(1)
      .concat(asked(2))
      .filter(({ path }) => path === '/api/echo/beacon')
  await vi.waitFor(() => expect(arrived()).toHaveLength(1), 5_000)
  await other.browserContext().close()
})

test('the answer of the asked server is the very one', async () => {
  const page = await openApp(here.browser, here.farm)
  const seen = await page.evaluate(async () => {
    const response = await fetch('/api/echo/1#outrigger:one')
    return { url: response.url, type: response.type, redirected: response.redirected }
  })
  expect(seen).toEqual({ url: `${here.farm.primary.url}/api/echo/1`, type: 'basic', redirected: false })
  await page.browserContext().close()
})

test('a mirror’s answer has the URL of the request', async () => {
  const page = await openApp(here.browser, here.farm)
  await here.farm.primary.kill()
  const seen = await page.evaluate(async () => {
    const response = await fetch('/api/echo/1')
    return { url: response.url, type: response.type, redirected: response.redirected }
  })
  expect(seen).toEqual({ url: `${here.farm.primary.url}/api/echo/1`, type: 'basic', redirected: false })
  await page.browserContext().close()
})

test('an answer of the API opened as a page is asked for once, and of another server when the primary is silent', async () => {
  const page = await openApp(here.browser, here.farm)
  await page.goto(`${here.farm.primary.url}/api/slow?ms=1500`)
  expect(asked(0).map(({ path }) => path)).toEqual(['/api/slow?ms=1500'])
  await here.farm.primary.fault('hang')
  await page.goto(`${here.farm.primary.url}/api/data`)
  expect(await page.evaluate(() => JSON.parse(document.body.textContent).version)).toBe(2)
  await page.browserContext().close()
})

test('an abort before headers, told by message, reaches the server', async () => {
  const page = await openApp(here.browser, here.farm)
  await page.evaluate(() => {
    void fetch('/api/slow?ms=60000#outrigger:k1').catch(() => {})
  })
  await expect.poll(() => asked(0).length).toBe(1)
  await page.evaluate(() => navigator.serviceWorker.controller?.postMessage({ outrigger: 'abort', id: 'k1' }))
  await expect.poll(() => asked(0)[0]?.aborted).toBe(true)
  await page.browserContext().close()
})

test('when all servers are down the page gets the engine’s own error, and the status the record', async () => {
  const page = await openApp(here.browser, here.farm)
  for (const server of here.farm.servers) await server.kill()
  const answer = await fetchIn(page, '/api/echo/1?token=secret')
  expect(answer.error).toBe(engineError)
  const { failures } = await statusOf(page)
  expect(failures).toHaveLength(1)
  expect(failures[0]).toMatchObject({ code: 'unreachable', request: 'GET /api/echo/1' })
  expect(failures[0]?.tries.length).toBeGreaterThanOrEqual(3)
  expect(JSON.stringify(failures)).not.toContain('secret')
  await page.browserContext().close()
})

test('without a list requests pass through untouched, and the status says what is wrong', async () => {
  await here.farm.setList('this is no list')
  await here.farm.setPage('/outrigger-sw.js', await notingWorker())
  const page = await openApp(here.browser, here.farm)
  await expect.poll(() => answeredByWorker(page, `${here.farm.primary.url}/api/echo/1`)).toBe(false)
  const { problems } = await statusOf(page)
  expect(problems.map(({ code }) => code)).toContain('list')
  await here.farm.setList({})
  await page.evaluate(() => navigator.serviceWorker.controller?.postMessage({ outrigger: 'update' }))
  await expect.poll(async () => (await statusOf(page)).list?.servers).toBe(3)
  expect((await statusOf(page)).problems).toEqual([])
  expect(await answeredByWorker(page, `${here.farm.primary.url}/api/echo/2`)).toBe(true)
  await page.browserContext().close()
})

test('a wrong query is told of, and everything passes through', async () => {
  await here.farm.setPage('/outrigger-sw.js', await notingWorker())
  const page = await openApp(here.browser, here.farm, '/', 'sevrers=/servers.json&api=/api/')
  const { problems, worker } = await statusOf(page)
  expect(worker).toBe('active')
  expect(problems).toEqual([{ code: 'option', message: expect.stringContaining('"sevrers"') }])
  expect(await answeredByWorker(page, `${here.farm.primary.url}/api/echo/1`)).toBe(false)
  await page.reload()
  expect(await answeredBy(page)).toEqual([])
  await page.browserContext().close()
})

test('every tab hears of a change', async () => {
  const page = await openKept(here.browser, here.farm)
  const other = await page.browserContext().newPage()
  await other.goto(`${here.farm.primary.url}/`)
  await other.evaluate(() => {
    const states: string[] = []
    Object.assign(window, { states })
    const channel = new BroadcastChannel(`outrigger:${location.origin}/`)
    channel.onmessage = ({ data }) => states.push(data.status?.state)
  })
  await here.farm.primary.kill()
  await fetchIn(page, '/api/echo/1')
  await other.waitForFunction('states.includes("server-down") || states.includes("degraded")', { polling: 50 })
  await page.browserContext().close()
})

test('stop leaves nothing behind', async () => {
  const page = await openKept(here.browser, here.farm)
  const left = await page.evaluate(async () => {
    const channel = new BroadcastChannel(`outrigger:${location.origin}/`)
    const stopped = new Promise(resolve => {
      channel.onmessage = ({ data }) => data.outrigger === 'stopped' && resolve(undefined)
    })
    navigator.serviceWorker.controller?.postMessage({ outrigger: 'stop' })
    await stopped
    return {
      caches: (await caches.keys()).length,
      databases: (await indexedDB.databases()).length,
      response: (await fetch('/api/echo/1')).status,
    }
  })
  expect(left).toEqual({ caches: 0, databases: 0, response: 200 })
  await page.reload()
  expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0)
  await page.browserContext().close()
})

test('a wrong option in an app’s own worker keeps it from being installed', async () => {
  const body = "importScripts('/outrigger-sw.js')\noutrigger({ servers: '/servers.json', api: 7 })"
  await here.farm.setPage('/sw.js', { body, headers: js })
  const { page, context } = await here.browser.newClient(`${here.farm.primary.url}/`)
  const error = await page.evaluate(() => navigator.serviceWorker.register('/sw.js').then(String, String))
  expect(error).toContain('TypeError')
  await context.close()
})

// WebKit does not tell a script the query that it was imported with.
test.skipIf(engineName === 'webkit')(
  'imported with a query it starts in another worker, but takes nothing over',
  async () => {
    await here.farm.setPage('/sw.js', { body: `importScripts('/outrigger-sw.js?${query}')`, headers: js })
    await here.farm.setPage('/', appPage('home'))
    const { page, context } = await here.browser.newClient(`${here.farm.primary.url}/`)
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/sw.js')
      await navigator.serviceWorker.ready
    })
    expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull()
    await page.reload()
    await here.farm.primary.kill()
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true })
    await context.close()
  },
)
