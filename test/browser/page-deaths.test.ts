import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { controlled, engineName, openBrowser, type Tab, type TestBrowser, until } from '../support/browser.ts'
import { createFarm, type Farm } from '../support/farm.ts'
import { full } from '../support/full.ts'
import { tagPage } from './page-helpers.ts'

let browser: TestBrowser
let farm: Farm
let page: Tab
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  const options = { servers: 2, files: [], pages: { '/': tagPage() } }
  farm = await createFarm(options, 'test/support/fidelity/fidelity-server-entry.ts')
  ;({ page } = await browser.newClient(farm.primary.url))
  await controlled(page)
  await until(page, () => window.outrigger?.status.list)
})
afterEach(() => farm?.close())

interface Uploading {
  upload: { ended: string; status: number; text: string; ms: number }
}

/** Starts an upload of 20 MB whose server takes its time, and waits until it gets it. */
async function upload(method: string): Promise<void> {
  await page.evaluate(method => {
    const seen = { ended: '', status: 0, text: '', ms: 0 }
    Object.assign(window, { upload: seen })
    const start = performance.now()
    const xhr = new XMLHttpRequest()
    // It goes past the worker because of this.
    xhr.upload.onprogress = () => {}
    for (const type of ['load', 'error', 'abort', 'timeout'])
      xhr.addEventListener(type, () => {
        seen.ms = performance.now() - start
        Object.assign(seen, { ended: type, status: xhr.status, text: xhr.responseText })
      })
    xhr.open(method, '/api/upload?ms=10')
    xhr.send(new Blob([new Uint8Array(20_000_000)]))
  }, method)
  await expect.poll(() => farm.primary.log().some(({ path }) => path.startsWith('/api/upload'))).toBe(true)
}

async function uploaded() {
  await until(page, () => (window as never as Uploading).upload.ended !== '')
  return page.evaluate(() => (window as never as Uploading).upload)
}

test('a PUT whose server is killed goes whole to another one', async () => {
  await upload('PUT')
  await farm.primary.kill()
  const { ended, status, text } = await uploaded()
  expect({ ended, status }).toEqual({ ended: 'load', status: 201 })
  expect(JSON.parse(text)).toEqual({ bytes: 20_000_000, server: 1 })
})

test('a POST whose server is killed ends in an error, and is sent to nobody else', async () => {
  await upload('POST')
  await farm.primary.kill()
  expect(await uploaded()).toMatchObject({ ended: 'error', status: 0 })
  expect(farm.servers[1]!.log().filter(({ path }) => path.startsWith('/api/upload'))).toEqual([])
})

test.runIf(full)(
  'a POST whose server hangs ends 10 s after its last sign of life, and the status tells of it',
  async () => {
    await upload('POST')
    await farm.primary.fault('hang')
    const { ended, ms } = await uploaded()
    expect(ended).toBe('error')
    expect(ms).toBeGreaterThan(9_000)
    expect(ms).toBeLessThan(20_000)
    await until(page, () => window.outrigger!.status.failures.some(({ sent }) => sent === 'unknown'))
  },
)

test('an EventSource goes on with another server', async () => {
  await page.evaluate(() => {
    const ids: string[] = []
    Object.assign(window, { ids })
    const source = new EventSource('/api/f/events?open=1')
    for (const type of ['message', 'even'])
      source.addEventListener(type, event => ids.push((event as MessageEvent).lastEventId))
  })
  const count = (n: number) => until(page, n => (window as never as { ids: string[] }).ids.length >= n, n)
  await count(3)
  await farm.primary.kill()
  await count(6)
  const ids = await page.evaluate(() => (window as never as { ids: string[] }).ids)
  // Chromium keeps the last id from a worker that answers in the server's place.
  const next = engineName === 'chromium' ? ['1', '2', '3'] : ['4', '5', '6']
  expect(ids).toEqual(['1', '2', '3', ...next])
})
