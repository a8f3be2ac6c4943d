import type { Page } from 'puppeteer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { controlled, openChromium, type TestBrowser, until } from '../support/browser.ts'
import type { Farm } from '../support/farm.ts'
import { full } from '../support/full.ts'
import { fetchIn, pageFarm, tagPage, withFirst } from './page-helpers.ts'

type Said = { outrigger: string; urls?: string[]; memory?: unknown }
type Watched = Window & { said: Said[] }

/** Keeps what the page says to its worker. */
const noteMessages = `
  window.said = []
  const { postMessage } = ServiceWorker.prototype
  ServiceWorker.prototype.postMessage = function (message) {
    said.push(message)
    return postMessage.call(this, message)
  }`

let browser: TestBrowser<Page>
let farm: Farm
let page: Page
beforeAll(async () => {
  browser = await openChromium()
  const app = tagPage({}, '<script src="/app.js"></script>')
  farm = await pageFarm({ pages: { '/': withFirst(app, noteMessages), '/app.js': { body: '//' } } })
  page = (await browser.newClient(`${farm.primary.url}/`)).page
  await controlled(page)
})
afterAll(() => Promise.all([browser?.close(), farm?.close()]))

const heard = (word: string) =>
  until(page, word => (window as Watched & typeof globalThis).said.some(one => one.outrigger === word), word)

test('what the page loaded before the worker was there is told once', async () => {
  await heard('loaded')
  const told = await page.evaluate(() =>
    (window as Watched & typeof globalThis).said.filter(one => one.outrigger === 'loaded'),
  )
  expect(told).toHaveLength(1)
  expect(told[0]!.urls).toEqual(
    expect.arrayContaining(['/', '/app.js', '/outrigger.js'].map(path => farm.primary.url + path)),
  )
})

test('what its cover learned is told', async () => {
  await heard('news')
})

test('signs of use are told, every five seconds at most', async () => {
  await page.mouse.click(5, 5)
  await page.keyboard.press('a')
  await heard('warm')
  const count = await page.evaluate(
    () => (window as Watched & typeof globalThis).said.filter(one => one.outrigger === 'warm').length,
  )
  expect(count).toBe(1)
})

test.each(full ? ['fetch', 'xhr'] : ['xhr'])(
  'the worker is pinged while a body streams by %s, and not after',
  async how => {
    await page.evaluate(() => {
      ;(window as Watched & typeof globalThis).said.length = 0
    })
    const bytes = await page.evaluate(how => {
      const url = '/api/drip?pieces=16&everyMs=1000&size=1600'
      if (how === 'fetch') return fetch(url).then(async response => (await response.text()).length)
      return new Promise<number>(resolve => {
        const xhr = new XMLHttpRequest()
        xhr.open('GET', url)
        xhr.onload = () => resolve(xhr.responseText.length)
        xhr.send()
      })
    }, how)
    expect(bytes).toBe(1600)
    const pings = () =>
      page.evaluate(() => (window as Watched & typeof globalThis).said.filter(one => one.outrigger === 'ping').length)
    const before = await pings()
    expect([1, 2]).toContain(before)
    expect(await fetchIn(page, '/api/slow?ms=10500')).toMatchObject({ ok: true })
    // Only the slow call itself was pinged for: the body before it had ended.
    expect((await pings()) - before).toBeLessThanOrEqual(1)
  },
)
