import { afterAll, beforeAll, expect, test } from 'vitest'
import { controlled, listen, openBrowser, type TestBrowser, until } from '../support/browser.ts'
import { createFarm, type Farm } from '../support/farm.ts'

const time = { body: '{"time":"12:00"}', headers: { 'content-type': 'application/json' } }

let browser: TestBrowser
let farm: Farm
beforeAll(async () => {
  browser = await openBrowser()
  farm = await createFarm({
    servers: 2,
    files: 'examples/01-script-tag',
    pages: { '/api/time': time, '/favicon.ico': { status: 204 } },
  })
})
afterAll(() => Promise.all([browser?.close(), farm?.close()]))

test('example 01 goes on without its first server, also after a reload', async () => {
  const { page } = await browser.newClient()
  const heard = listen(page)
  await page.goto(`${farm.primary.url}/`)
  await controlled(page)
  const shown = () => until(page, () => document.getElementById('time')?.textContent === '12:00')
  await shown()
  await until(page, () => window.outrigger?.status.servers.length === 2)
  await until(page, async () => {
    const kept = await Promise.all([caches.match('/'), caches.match('/outrigger.js')])
    return kept.every(Boolean)
  })
  expect(heard.errors).toEqual([])

  await farm.primary.kill()
  await page.evaluate(() => {
    document.getElementById('time')!.textContent = ''
    document.getElementById('again')!.click()
  })
  await shown()
  await page.reload()
  await shown()
  expect(farm.servers[1]!.log().filter(({ path }) => path === '/api/time').length).toBeGreaterThanOrEqual(2)
})
