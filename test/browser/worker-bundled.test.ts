import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { build, type Rolldown } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser, type TestBrowser } from '../support/browser.ts'
import type { Farm } from '../support/farm.ts'
import { fetchIn } from './page-helpers.ts'
import { appFarm, install, js, statusOf } from './worker-helpers.ts'

/** A worker as an app bundles it: a route of its own before ours, and one behind it. */
const source = `
import { registerRoute } from 'workbox-routing'
import { outrigger } from '${resolve('sw/index.ts')}'

const say = text => () => Response.json({ server: text })
registerRoute(({ url }) => url.pathname === '/api/before', say('mine'))
outrigger({ servers: '/servers.json', api: '/api/', claim: true, skipWaiting: true })
registerRoute(({ url }) => url.pathname === '/api/behind' || url.pathname === '/rest', say('mine'))
`

let browser: TestBrowser
let farm: Farm
beforeAll(async () => {
  // Inside the project, so that the app's imports are found.
  const cache = resolve('node_modules/.cache')
  await mkdir(cache, { recursive: true })
  const folder = await mkdtemp(join(cache, 'worker-'))
  try {
    await writeFile(join(folder, 'sw.js'), source)
    const output = await build({
      configFile: false,
      logLevel: 'error',
      define: { 'process.env.NODE_ENV': '"production"' },
      build: { write: false, lib: { entry: join(folder, 'sw.js'), formats: ['iife'], name: 'sw' } },
    })
    const [chunk] = ([output].flat()[0] as Rolldown.RolldownOutput).output
    farm = await appFarm({ pages: { '/sw.js': { body: chunk.code, headers: js } } })
  } finally {
    await rm(folder, { recursive: true })
  }
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await farm?.close()
})

test('in a bundled worker the app’s routes and ours answer in the order in which they were added', async () => {
  const { page } = await browser.newClient(`${farm.primary.url}/`)
  await install(page, '/sw.js')
  expect(await fetchIn(page, '/api/before')).toMatchObject({ server: 'mine' })
  expect(await fetchIn(page, '/api/behind')).toMatchObject({ status: 404, server: 0 })
  expect(await fetchIn(page, '/rest')).toMatchObject({ server: 'mine' })
  await expect.poll(async () => (await statusOf(page)).list?.servers, { timeout: 10_000 }).toBeGreaterThan(1)
  await farm.primary.kill()
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: expect.any(Number) })
  await page.browserContext().close()
})
