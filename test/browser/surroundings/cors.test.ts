import { beforeEach, expect, test } from 'vitest'
import type { Tab } from '../../support/browser.ts'
import { fetchIn } from '../page-helpers.ts'
import { appFarm, openApp, restoreAll, shared, statusOf, unhurried } from '../worker-helpers.ts'

/** The mirror that is asked first refuses something by CORS; behind it stands one that refuses nothing. */

const here = shared(() => appFarm({ corsCredentials: true }))
beforeEach(() => restoreAll(here.farm))

type Credentials = 'omit' | 'headers' | 'include'

/** The app with its primary dead and found so. The first mirror sends these CORS headers and no others. */
async function open(headers: Record<string, string>, credentials: Credentials = 'omit'): Promise<Tab> {
  const [primary, mirror, other] = here.farm.servers.map(({ url }) => url)
  await here.farm.setList({
    ...unhurried,
    servers: [{ url: primary }, { url: mirror, credentials }, { url: other, credentials: 'include', tier: 1 }],
  })
  const page = await openApp(here.browser, here.farm)
  await here.farm.servers[1]!.fault('cors', { headers, only: '/api/' })
  await here.farm.primary.fault('reset')
  here.farm.servers[1]!.clear()
  return page
}

const origin = () => ({ 'access-control-allow-origin': here.farm.primary.url })

/** Requests to the first mirror's API. */
const asked = () => here.farm.servers[1]!.log().filter(({ path }) => path.startsWith('/api/'))

const problems = async (page: Tab) => (await statusOf(page)).problems.filter(({ code }) => code === 'cors')

/** The one problem there is, and that nobody was ejected because of it. */
async function expectNamed(page: Tab, missing: string): Promise<void> {
  const { url } = here.farm.servers[1]!
  const message = `${url}/ refuses this page: it must answer ${missing}`
  await expect.poll(() => problems(page)).toEqual([{ code: 'cors', message }])
  const { servers } = await statusOf(page)
  expect(servers).toContainEqual(expect.objectContaining({ url: `${url}/`, state: 'in-service' }))
}

test('a mirror without CORS is named with the origin to allow, and is not asked again', async () => {
  const page = await open({})
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 2 })
  await expectNamed(page, `Access-Control-Allow-Origin: ${here.farm.primary.url}`)
  here.farm.servers[1]!.clear()
  for (const n of [2, 3, 4]) expect(await fetchIn(page, `/api/echo/${n}`)).toMatchObject({ ok: true, server: 2 })
  expect(asked()).toEqual([])
  await page.browserContext().close()
})

test('one that refuses a header is named with it, and still gets what comes without', async () => {
  const page = await open({ ...origin(), 'access-control-allow-headers': 'x-tenant' }, 'headers')
  const headers = { 'x-csrf-token': '7', 'x-tenant': 'a' }
  expect(await fetchIn(page, '/api/echo/1', { headers })).toMatchObject({ ok: true, server: 2 })
  await expectNamed(page, 'Access-Control-Allow-Headers: x-csrf-token')
  expect(await fetchIn(page, '/api/echo/2')).toMatchObject({ ok: true, server: 1 })
  expect(await fetchIn(page, '/api/echo/3', { headers: { 'x-tenant': 'a' } })).toMatchObject({ ok: true, server: 1 })
  here.farm.servers[1]!.clear()
  const more = { 'x-csrf-token': '8', 'if-none-match': '"1"' }
  expect(await fetchIn(page, '/api/echo/4', { headers: more })).toMatchObject({ ok: true, server: 2 })
  expect(asked()).toEqual([])
  await page.browserContext().close()
})

test('one that refuses a method is named with it, and the write goes to another', async () => {
  const page = await open({ ...origin(), 'access-control-allow-headers': 'content-type, idempotency-key' })
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 1 })
  expect(await fetchIn(page, '/api/echo/2', { method: 'PUT', body: 'x' })).toMatchObject({ ok: true, server: 2 })
  await expectNamed(page, 'Access-Control-Allow-Methods: PUT')
  expect(await fetchIn(page, '/api/echo/3')).toMatchObject({ ok: true })
  await page.browserContext().close()
})

test('a write with a key that its mirror refuses by CORS is applied once, by another', async () => {
  const page = await open(origin())
  const id = `w${here.farm.ledger().length}`
  const write = { method: 'POST', headers: { 'idempotency-key': id }, body: JSON.stringify({ id }) }
  expect(await fetchIn(page, '/api/write', write)).toMatchObject({ ok: true, server: 2 })
  await expectNamed(page, 'Access-Control-Allow-Headers: idempotency-key')
  await here.farm.settled()
  expect(here.farm.ledger().flatMap(entry => (entry.id === id ? entry.server : []))).toEqual([2])
  await page.browserContext().close()
})

test('one that is to get cookies and does not allow them is named so', async () => {
  const page = await open(origin(), 'include')
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 2 })
  await expectNamed(page, 'Access-Control-Allow-Credentials: true')
  await page.browserContext().close()
})

test('one that hides headers that the primary shows is named with them', async () => {
  await here.farm.setList({})
  await here.farm.setPage('/api/list', { body: '[]', headers: { etag: '"1"', link: '</api/list?2>; rel="next"' } })
  const headers = { 'access-control-allow-origin': here.farm.primary.url, 'access-control-expose-headers': 'Link' }
  const page = await openApp(here.browser, here.farm)
  const status = () => page.evaluate(async () => (await fetch('/api/list')).status)
  expect(await status()).toBe(200)
  for (const server of here.farm.servers.slice(1)) await server.fault('cors', { headers })
  await here.farm.primary.fault('reset')
  expect(await status()).toBe(200)
  await expect
    .poll(() => problems(page))
    .toEqual([
      {
        code: 'cors',
        message: expect.stringMatching(/^http.+\/ must answer Access-Control-Expose-Headers: ETag/),
      },
    ])
  await page.browserContext().close()
})
