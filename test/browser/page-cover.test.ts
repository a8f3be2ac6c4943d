import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openBrowser, type TestBrowser, until } from '../support/browser.ts'
import type { Farm } from '../support/farm.ts'
import { fetchIn, neverPage, pageFarm, serveFromTest, tagPage, xhrIn } from './page-helpers.ts'

let browser: TestBrowser
let farm: Farm
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  farm = await pageFarm({ pages: { '/': tagPage(), '/outrigger-sw.js': neverPage } })
})
afterEach(() => farm?.close())

const inline = () => tagPage({ 'data-servers': farm.servers.map(({ url }) => url).join(' ') })

/** A page that no worker controls, with its cover ready. */
async function openCovered() {
  const { page } = await browser.newClient(`${farm.primary.url}/`)
  await until(page, () => window.outrigger?.status.servers.length === 3)
  return page
}

describe.each(['list URL', 'inline servers'])('a first visit without a worker, %s', kind => {
  beforeEach(async () => {
    if (kind === 'inline servers') await farm.setPage('/', inline())
  })

  test('a healthy primary answers', async () => {
    const page = await openCovered()
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 0 })
    expect(await xhrIn(page, '/api/echo/2')).toMatchObject({ ok: true, server: 0 })
  })

  test.each(['kill', 'hang', 'black-hole', '503', 'reset', 'stall'] as const)(
    'a primary that is gone by %s',
    async fault => {
      const page = await openCovered()
      await farm.primary.fault(fault)
      const first = await fetchIn(page, '/api/echo/1?size=2000')
      expect(first).toMatchObject({ ok: true, status: 200 })
      expect(first.server).not.toBe(0)
      const second = await xhrIn(page, '/api/echo/2?size=2000')
      expect(second).toMatchObject({ ok: true, status: 200, url: `${farm.primary.url}/api/echo/2?size=2000` })
      expect(second.server).not.toBe(0)
    },
  )

  test.each(['kill', 'hang', 'reset', 'stall'] as const)('XHR is the first to meet %s', async fault => {
    const page = await openCovered()
    await farm.primary.fault(fault)
    const answer = await xhrIn(page, '/api/echo/1?size=2000')
    expect(answer).toMatchObject({ ok: true, status: 200 })
    expect(answer.events).toEqual(['state 1', 'loadstart', 'state 2', 'state 3', 'state 4', 'load', 'loadend'])
    expect(answer.headers).toContain('content-type: application/json')
  })

  test('the cover comes 2 s after the primary died', async () => {
    const { page } = await browser.newClient()
    await serveFromTest(page, {
      '/outrigger-cover.js': { ms: 2_000, body: await readFile('dist/outrigger-cover.js', 'utf8') },
    })
    await page.goto(`${farm.primary.url}/`, { waitUntil: 'domcontentloaded' })
    await farm.primary.kill()
    const calls = [fetchIn(page, '/api/echo/1'), xhrIn(page, '/api/echo/2')]
    for (const answer of await Promise.all(calls)) {
      // A list that only the dead primary has cannot be had; servers in the tag can.
      expect(answer.ok).toBe(kind === 'inline servers')
      expect(answer.ms).toBeGreaterThan(1_500)
    }
  })

  test('the cover comes 2 s after the primary hung', async () => {
    await farm.setPage('/', inline())
    const { page } = await browser.newClient()
    await serveFromTest(page, {
      '/outrigger-cover.js': { ms: 2_000, body: await readFile('dist/outrigger-cover.js', 'utf8') },
    })
    await page.goto(`${farm.primary.url}/`, { waitUntil: 'domcontentloaded' })
    await farm.primary.fault('hang')
    const calls = [fetchIn(page, '/api/echo/1'), xhrIn(page, '/api/echo/2')]
    for (const answer of await Promise.all(calls)) expect(answer).toMatchObject({ ok: true, status: 200 })
  })
})
