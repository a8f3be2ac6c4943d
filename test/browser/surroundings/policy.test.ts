import { readFile } from 'node:fs/promises'
import { beforeEach, expect, test } from 'vitest'
import { engineName, type Tab, until } from '../../support/browser.ts'
import { fetchIn, neverPage, tagPage } from '../page-helpers.ts'
import { appFarm, js, openApp, restoreAll, shared, statusOf, unhurried } from '../worker-helpers.ts'

/** A Content-Security-Policy that forbids one mirror of two: it is named, and nobody is blamed. */

const here = shared(() => appFarm())
beforeEach(async () => {
  const [primary, mirror, other] = here.farm.servers.map(({ url }) => url)
  await here.farm.setList({ ...unhurried, servers: [{ url: primary }, { url: mirror }, { url: other, tier: 1 }] })
  await restoreAll(here.farm)
})

const policy = () => `connect-src 'self' ${here.farm.servers[2]!.url}`
const problem = () => {
  const { url } = here.farm.servers[1]!
  return { code: 'csp', message: `Content-Security-Policy needs connect-src ${url}` }
}

async function expectCovered(page: Tab) {
  await here.farm.primary.fault('reset')
  for (const n of [1, 2, 3]) expect(await fetchIn(page, `/api/echo/${n}`)).toMatchObject({ ok: true, server: 2 })
}

test('of the page, while it covers its own requests', async () => {
  await here.farm.setPage('/outrigger-sw.js', neverPage)
  await here.farm.setPage('/tag', {
    ...tagPage(),
    headers: { 'content-type': 'text/html', 'content-security-policy': policy() },
  })
  const { page } = await here.browser.newClient(`${here.farm.primary.url}/tag`)
  await until(page, () => (window.outrigger?.status.list?.servers ?? 0) === 3)
  // The first request lets the cover get to know the mirror that it would turn to.
  expect(await fetchIn(page, '/api/echo/0')).toMatchObject({ ok: true, server: 0 })
  await until(page, () => window.outrigger?.status.problems.some(({ code }) => code === 'csp'))
  await expectCovered(page)
  const { problems, servers } = await page.evaluate(() => window.outrigger!.status)
  expect(problems).toContainEqual(problem())
  expect(servers.map(({ url }) => url)).not.toContain(`${here.farm.servers[1]!.url}/`)
  await page.browserContext().close()
})

test('of the worker’s own file', async () => {
  const body = await readFile('dist/outrigger-sw.js', 'utf8')
  await here.farm.setPage('/outrigger-sw.js', { body, headers: { ...js, 'content-security-policy': policy() } })
  const page = await openApp(here.browser, here.farm)
  // The first request lets the worker get to know the mirror that it would turn to.
  expect(await fetchIn(page, '/api/echo/0')).toMatchObject({ ok: true, server: 0 })
  // WebKit tells a worker nothing of what its policy forbids.
  const told = engineName !== 'webkit'
  if (told)
    await expect.poll(async () => (await statusOf(page)).problems, { timeout: 10_000 }).toContainEqual(problem())
  await expectCovered(page)
  const urls = (await statusOf(page)).servers.map(({ url }) => url)
  expect(urls.includes(`${here.farm.servers[1]!.url}/`)).toBe(!told)
  await page.browserContext().close()
})
