import { beforeEach, expect, test } from 'vitest'
import type { Tab } from '../../support/browser.ts'
import type { Page } from '../../support/farm.ts'
import { fetchIn } from '../page-helpers.ts'
import { appFarm, openApp, restoreAll, shared, statusOf, unhurried } from '../worker-helpers.ts'

/** A mirror that lives, and is not what the primary is: behind it, without the API, read-only, of another version. */

const here = shared(() => appFarm())
beforeEach(() => restoreAll(here.farm))

/** The app; the second mirror is asked after the first. */
async function open(first: { writes?: boolean } = {}): Promise<Tab> {
  const [primary, mirror, other] = here.farm.servers.map(({ url }) => url)
  await here.farm.setList({
    ...unhurried,
    servers: [{ url: primary }, { url: mirror, ...first }, { url: other, tier: 1 }],
  })
  return openApp(here.browser, here.farm)
}

const says = (status: number, server: number): Page => ({
  status,
  body: JSON.stringify({ server }),
  headers: { 'content-type': 'application/json' },
})

test('the 404, 410 and 426 of a mirror never win over a primary that is only slow', async () => {
  const page = await open()
  const statuses = [404, 410, 426]
  for (const status of statuses)
    for (const server of here.farm.servers.slice(1))
      await server.setPage(`/api/echo/${status}`, says(status, server.index))
  await here.farm.primary.fault('slow', { ms: 4_000, only: '/api/echo/4' })
  const reads = statuses.map(status => fetchIn(page, `/api/echo/${status}`))
  for (const read of await Promise.all(reads)) expect(read).toMatchObject({ status: 200, server: 0 })
  expect(here.farm.servers[1]!.log().map(({ path }) => path)).toEqual(
    expect.arrayContaining([expect.stringMatching('^/api/echo/4')]),
  )
  await page.browserContext().close()
})

test('the primary’s own 500 is shown before a mirror’s 426', async () => {
  const page = await open()
  for (const server of here.farm.servers.slice(1)) await server.setPage('/api/always-500', says(426, server.index))
  expect(await fetchIn(page, '/api/always-500')).toMatchObject({ status: 500, server: 0 })
  await page.browserContext().close()
})

test('once the primary is dead, its mirror’s 410 is the answer', async () => {
  const page = await open()
  await here.farm.servers[1]!.setPage('/api/gone', says(410, 1))
  await here.farm.primary.fault('reset')
  // The 4xx of a mirror counts from the verdict on.
  const found = async () => {
    await fetchIn(page, '/api/echo/1')
    return (await statusOf(page)).servers.find(({ url }) => url === `${here.farm.primary.url}/`)?.state
  }
  await expect.poll(found, { timeout: 10_000 }).toBe('dead')
  expect(await fetchIn(page, '/api/gone')).toMatchObject({ status: 410, server: 1 })
  await page.browserContext().close()
})

test('a mirror that shows its index page for every path is passed over, also for a path never seen', async () => {
  const page = await open()
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ server: 0 })
  await here.farm.servers[1]!.fault('html', { only: '/api/' })
  await here.farm.primary.fault('reset')
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 2 })
  expect(await fetchIn(page, '/api/data')).toMatchObject({ ok: true, server: 2 })
  await page.browserContext().close()
})

test('a read-only mirror gets reads and no writes', async () => {
  const page = await open({ writes: false })
  await here.farm.primary.fault('reset')
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 1 })
  expect(await fetchIn(page, '/api/echo/2', { method: 'PUT', body: 'x' })).toMatchObject({ ok: true, server: 2 })
  const headers = { 'idempotency-key': 'once' }
  const write = { method: 'POST', headers, body: JSON.stringify({ id: 'once' }) }
  expect(await fetchIn(page, '/api/write', write)).toMatchObject({ ok: true, server: 2 })
  expect(here.farm.servers[1]!.log().flatMap(({ method }) => (/^P/.test(method) ? method : []))).toEqual([])
  await page.browserContext().close()
})
