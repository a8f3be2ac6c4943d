import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openBrowser, type Tab, type TestBrowser } from '../../support/browser.ts'
import type { Farm } from '../../support/farm.ts'
import { fetchIn } from '../page-helpers.ts'
import { appFarm, openApp, restoreAll, statusOf } from '../worker-helpers.ts'

/** The mirror that is asked first refuses something by CORS; behind it stands one that refuses nothing. */

// A mirror whose probe takes over 300 ms, as on a busy machine, is passed over.
const patient = { retry: 2 }

let browser: TestBrowser
let farm: Farm
beforeAll(async () => {
  browser = await openBrowser()
  farm = await appFarm({ corsCredentials: true })
})
afterAll(async () => {
  await browser?.close()
  await farm?.close()
})
beforeEach(() => restoreAll(farm))

type Credentials = 'omit' | 'headers' | 'include'

/** The app with its primary dead and found so. The first mirror sends these CORS headers and no others. */
async function open(headers: Record<string, string>, credentials: Credentials = 'omit'): Promise<Tab> {
  const [primary, mirror, other] = farm.servers.map(({ url }) => url)
  await farm.setList({
    servers: [{ url: primary }, { url: mirror, credentials }, { url: other, credentials: 'include', tier: 1 }],
  })
  const page = await openApp(browser, farm)
  await farm.servers[1]!.fault('cors', { headers, only: '/api/' })
  await farm.primary.fault('reset')
  farm.servers[1]!.clear()
  return page
}

const origin = () => ({ 'access-control-allow-origin': farm.primary.url })

/** Requests to the first mirror's API. */
const asked = () => farm.servers[1]!.log().filter(({ path }) => path.startsWith('/api/'))

const problems = async (page: Tab) => (await statusOf(page)).problems.filter(({ code }) => code === 'cors')

/** The one problem there is, and that nobody was ejected because of it. */
async function expectNamed(page: Tab, missing: string): Promise<void> {
  const { url } = farm.servers[1]!
  const message = `${url}/ refuses this page: it must answer ${missing}`
  await expect.poll(() => problems(page)).toEqual([{ code: 'cors', message }])
  const { servers } = await statusOf(page)
  expect(servers).toContainEqual(expect.objectContaining({ url: `${url}/`, state: 'in-service' }))
}

test('a mirror without CORS is named with the origin to allow, and is not asked again', patient, async () => {
  const page = await open({})
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 2 })
  await expectNamed(page, `Access-Control-Allow-Origin: ${farm.primary.url}`)
  farm.servers[1]!.clear()
  for (const n of [2, 3, 4]) expect(await fetchIn(page, `/api/echo/${n}`)).toMatchObject({ ok: true, server: 2 })
  expect(asked()).toEqual([])
  await page.browserContext().close()
})

test('one that refuses a header is named with it, and still gets what comes without', patient, async () => {
  const page = await open({ ...origin(), 'access-control-allow-headers': 'x-tenant' }, 'headers')
  const headers = { 'x-csrf-token': '7', 'x-tenant': 'a' }
  expect(await fetchIn(page, '/api/echo/1', { headers })).toMatchObject({ ok: true, server: 2 })
  await expectNamed(page, 'Access-Control-Allow-Headers: x-csrf-token')
  expect(await fetchIn(page, '/api/echo/2')).toMatchObject({ ok: true, server: 1 })
  expect(await fetchIn(page, '/api/echo/3', { headers: { 'x-tenant': 'a' } })).toMatchObject({ ok: true, server: 1 })
  farm.servers[1]!.clear()
  const more = { 'x-csrf-token': '8', 'if-none-match': '"1"' }
  expect(await fetchIn(page, '/api/echo/4', { headers: more })).toMatchObject({ ok: true, server: 2 })
  expect(asked()).toEqual([])
  await page.browserContext().close()
})

test('one that refuses a method is named with it, and the write goes to another', patient, async () => {
  const page = await open({ ...origin(), 'access-control-allow-headers': 'content-type, idempotency-key' })
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 1 })
  expect(await fetchIn(page, '/api/echo/2', { method: 'PUT', body: 'x' })).toMatchObject({ ok: true, server: 2 })
  await expectNamed(page, 'Access-Control-Allow-Methods: PUT')
  expect(await fetchIn(page, '/api/echo/3')).toMatchObject({ ok: true })
  await page.browserContext().close()
})

test('a write with a key that its mirror refuses by CORS is applied once, by another', patient, async () => {
  const page = await open(origin())
  const id = `w${farm.ledger().length}`
  const write = { method: 'POST', headers: { 'idempotency-key': id }, body: JSON.stringify({ id }) }
  expect(await fetchIn(page, '/api/write', write)).toMatchObject({ ok: true, server: 2 })
  await expectNamed(page, 'Access-Control-Allow-Headers: idempotency-key')
  await farm.settled()
  expect(farm.ledger().flatMap(entry => (entry.id === id ? entry.server : []))).toEqual([2])
  await page.browserContext().close()
})

test('one that is to get cookies and does not allow them is named so', patient, async () => {
  const page = await open(origin(), 'include')
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 2 })
  await expectNamed(page, 'Access-Control-Allow-Credentials: true')
  await page.browserContext().close()
})

test('one that hides headers that the primary shows is named with them', patient, async () => {
  await farm.setList({})
  await farm.setPage('/api/list', { body: '[]', headers: { etag: '"1"', link: '</api/list?2>; rel="next"' } })
  const headers = { 'access-control-allow-origin': farm.primary.url, 'access-control-expose-headers': 'Link' }
  const page = await openApp(browser, farm)
  const status = () => page.evaluate(async () => (await fetch('/api/list')).status)
  expect(await status()).toBe(200)
  for (const server of farm.servers.slice(1)) await server.fault('cors', { headers })
  await farm.primary.fault('reset')
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
