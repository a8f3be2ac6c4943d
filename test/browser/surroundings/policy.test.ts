import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { engineName, openBrowser, type Tab, type TestBrowser, until } from '../../support/browser.ts'
import type { Farm } from '../../support/farm.ts'
import { fetchIn, neverPage, tagPage } from '../page-helpers.ts'
import { appFarm, js, openApp, restoreAll, statusOf } from '../worker-helpers.ts'

/** A Content-Security-Policy that forbids one mirror of two: it is named, and nobody is blamed. */

// A mirror whose probe takes over 300 ms, as on a busy machine, is passed over.
const patient = { retry: 2 }

let browser: TestBrowser
let farm: Farm
beforeAll(async () => {
  browser = await openBrowser()
  farm = await appFarm()
})
afterAll(async () => {
  await browser?.close()
  await farm?.close()
})
beforeEach(async () => {
  const [primary, mirror, other] = farm.servers.map(({ url }) => url)
  await farm.setList({ servers: [{ url: primary }, { url: mirror }, { url: other, tier: 1 }] })
  await restoreAll(farm)
})

const policy = () => `connect-src 'self' ${farm.servers[2]!.url}`
const problem = () => {
  const { url } = farm.servers[1]!
  return { code: 'csp', message: `Content-Security-Policy needs connect-src ${url}` }
}

async function expectCovered(page: Tab) {
  await farm.primary.fault('reset')
  for (const n of [1, 2, 3]) expect(await fetchIn(page, `/api/echo/${n}`)).toMatchObject({ ok: true, server: 2 })
}

test('of the page, while it covers its own requests', patient, async () => {
  await farm.setPage('/outrigger-sw.js', neverPage)
  await farm.setPage('/tag', {
    ...tagPage(),
    headers: { 'content-type': 'text/html', 'content-security-policy': policy() },
  })
  const { page } = await browser.newClient(`${farm.primary.url}/tag`)
  await until(page, () => (window.outrigger?.status.list?.servers ?? 0) === 3)
  // The first request lets the cover get to know the mirror that it would turn to.
  expect(await fetchIn(page, '/api/echo/0')).toMatchObject({ ok: true, server: 0 })
  await until(page, () => window.outrigger?.status.problems.some(({ code }) => code === 'csp'))
  await expectCovered(page)
  const { problems, servers } = await page.evaluate(() => window.outrigger!.status)
  expect(problems).toContainEqual(problem())
  expect(servers.map(({ url }) => url)).not.toContain(`${farm.servers[1]!.url}/`)
  await page.browserContext().close()
})

test('of the worker’s own file', patient, async () => {
  const body = await readFile('dist/outrigger-sw.js', 'utf8')
  await farm.setPage('/outrigger-sw.js', { body, headers: { ...js, 'content-security-policy': policy() } })
  const page = await openApp(browser, farm)
  // The first request lets the worker get to know the mirror that it would turn to.
  expect(await fetchIn(page, '/api/echo/0')).toMatchObject({ ok: true, server: 0 })
  // WebKit tells a worker nothing of what its policy forbids.
  const told = engineName !== 'webkit'
  if (told)
    await expect.poll(async () => (await statusOf(page)).problems, { timeout: 10_000 }).toContainEqual(problem())
  await expectCovered(page)
  const urls = (await statusOf(page)).servers.map(({ url }) => url)
  expect(urls.includes(`${farm.servers[1]!.url}/`)).toBe(!told)
  await page.browserContext().close()
})
