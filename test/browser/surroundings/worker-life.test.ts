import { beforeEach, expect, test } from 'vitest'
import { controlled, engineName, hardReload, needing, stopAllWorkers, type Tab, until } from '../../support/browser.ts'
import { fetchIn, pageFarm, tagPage, xhrIn } from '../page-helpers.ts'
import { restoreAll, shared } from '../worker-helpers.ts'

/** The worker dies, or is passed by, while requests are under way. */

const here = shared(() => pageFarm({ pages: { '/': tagPage() } }))
beforeEach(async () => {
  await restoreAll(here.farm)
  here.farm.primary.clear()
})

async function open(): Promise<Tab> {
  const { page } = await here.browser.newClient(`${here.farm.primary.url}/`)
  await controlled(page)
  await until(page, () => window.outrigger?.status.list)
  return page
}

needing('stop workers')('a read whose worker is killed under it is asked again, and answered', async () => {
  const page = await open()
  const read = fetchIn(page, '/api/slow?ms=3000')
  const asked = () => here.farm.primary.log().filter(({ path }) => path.startsWith('/api/slow')).length
  await expect.poll(asked).toBe(1)
  await stopAllWorkers(page)
  expect(await read).toMatchObject({ ok: true, server: 0 })
  await page.browserContext().close()
})

needing('stop workers')(
  'a write whose worker is killed under it fails, is told of where it can be, and is not sent twice',
  async () => {
    const page = await open()
    const id = 'killed'
    const post = { method: 'POST', body: JSON.stringify({ id }) }
    const writes = [fetchIn(page, '/api/write?ms=2000', post), xhrIn(page, '/api/write?ms=2000', post)]
    const asked = () => here.farm.primary.log().filter(({ method }) => method === 'POST').length
    await expect.poll(asked).toBe(2)
    await stopAllWorkers(page)
    for (const write of await Promise.all(writes)) expect(write).toMatchObject({ ok: false, status: 0 })
    // Chromium hands the request to the next worker, which knows of it then; Firefox fails it.
    const count = engineName === 'chromium' ? 2 : 0
    await until(page, count => window.outrigger!.status.failures.length === count, count)
    const told = await page.evaluate(() => window.outrigger!.status.failures)
    for (const failure of told) expect(failure).toMatchObject({ request: 'POST /api/write', sent: 'unknown' })
    await here.farm.settled()
    expect(here.farm.ledger().filter(entry => entry.id === id)).toHaveLength(2)
    expect(await fetchIn(page, '/api/write', post)).toMatchObject({ ok: true, status: 201 })
    await page.browserContext().close()
  },
)

needing('stop workers')(
  'an image whose worker is killed under it fails as the engine fails it, and nothing hangs',
  async () => {
    const page = await open()
    const image = page.evaluate(
      () =>
        new Promise<string>(resolve => {
          const image = new Image()
          for (const type of ['load', 'error']) image.addEventListener(type, () => resolve(type))
          image.src = '/api/slow?ms=3000'
        }),
    )
    const asked = () => here.farm.primary.log().filter(({ path }) => path.startsWith('/api/slow')).length
    await expect.poll(asked).toBe(1)
    await stopAllWorkers(page)
    expect(await image).toBe('error')
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 0 })
    await page.browserContext().close()
  },
)

test('a newer worker that takes over at once leaves what is in flight to the older one', async () => {
  const page = await open()
  const read = fetchIn(page, '/api/slow?ms=3000')
  const asked = () => here.farm.primary.log().filter(({ path }) => path.startsWith('/api/slow')).length
  await expect.poll(asked).toBe(1)
  await page.evaluate(async () => {
    const { serviceWorker } = navigator
    const changed = new Promise(resolve => serviceWorker.addEventListener('controllerchange', resolve, { once: true }))
    await serviceWorker.register('/outrigger-sw.js?servers=/servers.json&api=/api/&once=/api/never')
    await changed
  })
  expect(await read).toMatchObject({ ok: true, server: 0 })
  expect(asked()).toBe(1)
  await here.farm.primary.fault('reset')
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true })
  await page.browserContext().close()
})

needing('load past the worker')('a tab past the worker and one under it go on through a fault', async () => {
  const page = await open()
  const past = await page.browserContext().newPage()
  await past.goto(`${here.farm.primary.url}/`)
  await hardReload(past)
  expect(await past.evaluate(() => navigator.serviceWorker.controller)).toBeNull()
  await until(past, () => window.outrigger?.status.list)
  await here.farm.primary.fault('reset')
  const reads = [page, past].flatMap(tab => [1, 2, 3].map(n => fetchIn(tab, `/api/echo/${n}`)))
  for (const read of await Promise.all(reads)) expect(read).toMatchObject({ ok: true })
  // A server may stay suspect as long as nobody has to ask it.
  const dead = async () => {
    await fetch('/api/echo/4')
    return window.outrigger?.status.servers.some(({ state }) => state === 'dead')
  }
  await Promise.all([until(page, dead), until(past, dead)])
  await page.browserContext().close()
})
