import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  can,
  controlled,
  hardReload,
  listen,
  needing,
  openBrowser,
  type Tab,
  type TestBrowser,
  until,
} from '../support/browser.ts'
import type { Farm } from '../support/farm.ts'
import { fetchIn, html, pageFarm, script, tagPage, withFirst, xhrIn } from './page-helpers.ts'

let browser: TestBrowser
let farm: Farm
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  farm = await pageFarm({ pages: { '/': tagPage() } })
})
afterEach(async () => {
  await browser.closeClients()
  await farm?.close()
})

/** A page of a new client at `path`, and what its console said. */
async function open(path = '/') {
  const { page, context } = await browser.newClient()
  const heard = listen(page)
  await page.goto(farm.primary.url + path)
  return { page, context, heard }
}

const problemsIn = async (page: Tab, code: string) => {
  await until(page, code => window.outrigger?.status.problems.some(problem => problem.code === code), code)
  return page.evaluate(
    code => window.outrigger!.status.problems.filter(problem => problem.code === code).map(({ message }) => message),
    code,
  )
}

describe('with the worker', () => {
  test('the page comes under control, and the status says so', async () => {
    const { page, heard } = await open()
    await controlled(page)
    await until(
      page,
      () => window.outrigger?.status.worker === 'active' && window.outrigger.status.servers.length === 3,
    )
    expect(await page.evaluate(() => window.outrigger!.status)).toMatchObject({
      state: 'ok',
      problems: [],
      failures: [],
    })
    expect(heard.errors).toEqual([])
    const url = await page.evaluate(() => navigator.serviceWorker.controller!.scriptURL)
    expect(new URL(url).search).toBe('?servers=%2Fservers.json&api=%2Fapi%2F')
    expect(await page.evaluate(async () => (await navigator.serviceWorker.ready).updateViaCache)).toBe('none')
  })

  test('a worker whose list was out of its reach does not take the page from its cover', async () => {
    const worker = await (await fetch(`${farm.primary.url}/outrigger-sw.js`)).text()
    await farm.setPage('/outrigger-sw.js', { body: worker, headers: { 'content-type': 'text/javascript' }, ms: 1_000 })
    const { page } = await open()
    await until(page, () => window.outrigger?.status.list)
    await farm.setPage('/servers.json', { status: 503 })
    await controlled(page)
    await farm.primary.kill()
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, status: 200 })
    expect(await xhrIn(page, '/api/echo/2')).toMatchObject({ ok: true, status: 200 })
    expect(await page.evaluate(() => window.outrigger!.status.worker)).toBe('active')
  })

  test('a second inclusion of the tag does nothing', async () => {
    await farm.setPage('/', tagPage({}, '<script src="/outrigger.js" data-servers="/x.json" data-api="/y/"></script>'))
    const { page, heard } = await open()
    await controlled(page)
    expect(heard.errors).toEqual([])
    expect(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(1)
  })

  test.each(['defer', 'async'])('the tag works with %s', async how => {
    const page1 = tagPage()
    await farm.setPage('/', { ...page1, body: page1.body!.replace('<script ', `<script ${how} `) })
    const { page } = await open()
    await controlled(page)
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 0 })
  })

  test('two tabs see the same change', async () => {
    const { page, context } = await open()
    await controlled(page)
    const other = await context.newPage()
    await other.goto(`${farm.primary.url}/`)
    await controlled(other)
    for (const tab of [page, other]) {
      await until(tab, () => window.outrigger?.status.servers.length === 3)
      await tab.evaluate(() => {
        window.outrigger!.subscribe(status => Object.assign(window, { seen: status.servers.map(({ state }) => state) }))
      })
    }
    await farm.primary.kill()
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true })
    for (const tab of [page, other]) await until(tab, () => (window as { seen?: string[] }).seen?.includes('dead'))
  })

  test('stop removes worker, caches and database, and the page works on', async () => {
    const { page } = await open()
    await controlled(page)
    await until(page, async () => (await caches.keys()).length > 0)
    await page.evaluate(() => window.outrigger!.stop())
    const left = await page.evaluate(async () => ({
      caches: await caches.keys(),
      databases: (await indexedDB.databases()).map(({ name }) => name),
      workers: (await navigator.serviceWorker.getRegistrations()).length,
      status: window.outrigger!.status.worker,
    }))
    expect(left).toEqual({ caches: [], databases: [], workers: 0, status: 'off' })
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 0 })
  })

  test('an abort before headers ends the request at the server', async () => {
    const { page } = await open()
    await controlled(page)
    await page.evaluate(() => {
      const control = new AbortController()
      fetch('/api/slow?ms=20000', { signal: control.signal }).catch(() => {})
      Object.assign(window, { control })
    })
    const slow = () => farm.primary.log().find(({ path }) => path.startsWith('/api/slow'))
    await expect.poll(slow).toBeTruthy()
    await page.evaluate(() => (window as unknown as { control: AbortController }).control.abort())
    await expect.poll(() => slow()?.aborted).toBe(true)
  })

  test('an XHR aborted before headers ends the request at the server', async () => {
    const { page } = await open()
    await controlled(page)
    await page.evaluate(() => {
      const xhr = new XMLHttpRequest()
      xhr.open('GET', '/api/slow?ms=20000')
      xhr.send()
      Object.assign(window, { xhr })
    })
    const slow = () => farm.primary.log().find(({ path }) => path.startsWith('/api/slow'))
    await expect.poll(slow).toBeTruthy()
    await page.evaluate(() => (window as unknown as { xhr: XMLHttpRequest }).xhr.abort())
    await expect.poll(() => slow()?.aborted).toBe(true)
  })

  needing('load past the worker')(
    'a hard reload, which no worker controls, is covered by what the worker knew',
    async () => {
      const { page } = await open()
      await controlled(page)
      await until(page, () => window.outrigger?.status.servers.length === 3)
      // Only what the worker remembered can name the mirrors now.
      await farm.setPage('/servers.json', { status: 500 })
      await hardReload(page)
      expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBe(null)
      // Its files come from the primary, and not before the page's `load`.
      await until(page, () => window.outrigger?.status.servers.length === 3)
      await farm.primary.kill()
      expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true })
    },
  )
})

describe('without the worker', () => {
  test('a foreign worker is left alone', async () => {
    await farm.setPage('/app-sw.js', { body: '// somebody else', headers: script })
    await farm.setPage('/blank', { body: '<title>x</title>', headers: html })
    const { page } = await open('/blank')
    await page.evaluate(async () => {
      await navigator.serviceWorker.register('/app-sw.js')
      await navigator.serviceWorker.ready
    })
    await page.goto(`${farm.primary.url}/`)
    const [message] = await problemsIn(page, 'foreign-worker')
    expect(message).toContain("importScripts('/outrigger-sw.js?servers=%2Fservers.json&api=%2Fapi%2F')")
    const scripts = await page.evaluate(async () =>
      (await navigator.serviceWorker.getRegistrations()).map(({ active }) => active?.scriptURL),
    )
    expect(scripts).toEqual([`${farm.primary.url}/app-sw.js`])
    await until(page, () => window.outrigger?.status.list)
    await farm.primary.kill()
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true })
  })

  test.each([
    ['is not there', { status: 404, body: 'no' }, '/outrigger-sw.js (HTTP 404)'],
    ['is the page for unknown paths', { body: '<!doctype html>', headers: html }, 'is served as "text/html"'],
  ])('a worker file that %s is explained', async (_, file, words) => {
    await farm.setPage('/outrigger-sw.js', file)
    const { page, heard } = await open()
    const [message] = await problemsIn(page, 'worker')
    expect(message).toContain(words)
    expect(message).toContain('Copy node_modules/outrigger/dist/outrigger-sw.js to /outrigger-sw.js')
    if (can('tell what the console says')) expect(heard.errors.join('\n')).toContain(message)
    expect(await page.evaluate(() => window.outrigger!.status.worker)).toBe('none')
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 0 })
  })

  test('a scope above the worker is explained', async () => {
    await farm.setPage('/', tagPage({ 'data-worker': '/static/outrigger-sw.js', 'data-scope': '/' }))
    await farm.setPage('/static/outrigger-sw.js', { body: '//', headers: script })
    const { page } = await open()
    const [message] = await problemsIn(page, 'worker')
    expect(message).toContain('may not serve the scope /, only /static/')
    expect(message).toContain('Service-Worker-Allowed: /')
  })

  test('a browser without service workers is covered by the page alone', async () => {
    await farm.setPage('/', withFirst(tagPage(), 'delete Navigator.prototype.serviceWorker'))
    const { page } = await open()
    const [message] = await problemsIn(page, 'no-worker')
    expect(message).toContain('The page covers its own requests')
    expect(await page.evaluate(() => window.outrigger!.status.worker)).toBe('none')
    await until(page, () => window.outrigger?.status.servers.length === 3)
    await farm.primary.kill()
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true })
  })

  test('?outrigger=off lasts for the session, until ?outrigger=on', async () => {
    const { page } = await open()
    await controlled(page)
    await page.goto(`${farm.primary.url}/?outrigger=off`)
    expect(await page.evaluate(() => window.outrigger!.status.worker)).toBe('off')
    await page.goto(`${farm.primary.url}/`)
    expect(await page.evaluate(() => window.outrigger!.status.worker)).toBe('off')
    await farm.primary.fault('reset', { only: '/api/' })
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: false })
    await page.goto(`${farm.primary.url}/?outrigger=on`)
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true })
  })

  test('wrong attributes are told, and the page works on', async () => {
    await farm.setPage('/', tagPage({ 'data-polcy': 'primary', 'data-allow': 'nonsense' }))
    const { page, heard } = await open()
    const messages = await problemsIn(page, 'option')
    expect(messages).toHaveLength(2)
    expect(messages.join()).toContain('data-polcy="primary"')
    expect(messages.join()).toContain('data-allow="nonsense"')
    if (can('tell what the console says')) expect(heard.errors.length).toBeGreaterThanOrEqual(2)
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true })
  })
})
