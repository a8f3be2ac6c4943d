import { afterAll, beforeAll, expect, test } from 'vitest'
import { controlled, needing, openBrowser, stopAllWorkers, type TestBrowser } from '../support/browser.ts'
import { createFarm, type Farm } from '../support/farm.ts'

const worker = `
const startedAt = performance.timeOrigin
self.onactivate = event => event.waitUntil(clients.claim())
self.onfetch = event => {
  if (new URL(event.request.url).pathname === '/started') event.respondWith(new Response(String(startedAt)))
}`
const page = '<!doctype html><title>Tests</title><script>navigator.serviceWorker.register("/sw.js")</script>'

let farm: Farm
let browser: TestBrowser

beforeAll(async () => {
  const pages = { '/': { body: page }, '/sw.js': { body: worker, headers: { 'content-type': 'text/javascript' } } }
  farm = await createFarm({ servers: 1, pages })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await farm?.close()
})

const started = async (page: Awaited<ReturnType<TestBrowser['newPage']>>) =>
  Number(await page.evaluate(async () => (await fetch('/started')).text()))

needing('restart')('a stopped worker starts again with the next request, also after the browser did', async () => {
  const tab = await browser.newPage(farm.primary.url)
  await controlled(tab)
  const first = await started(tab)
  await stopAllWorkers(tab)
  const second = await started(tab)
  expect(second).toBeGreaterThan(first)
  await browser.restart()
  const again = await browser.newPage(farm.primary.url)
  await controlled(again)
  expect(await started(again)).toBeGreaterThan(second)
})

test('a new client has no worker of another', async () => {
  await farm.setPage('/bare', { body: '<!doctype html><title>Bare</title>' })
  const { page: tab, context } = await browser.newClient(`${farm.primary.url}/bare`)
  expect(await tab.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0)
  await context.close()
})
