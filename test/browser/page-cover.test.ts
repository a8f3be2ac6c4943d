import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openBrowser, type TestBrowser, until } from '../support/browser.ts'
import type { Farm } from '../support/farm.ts'
import { full, slack } from '../support/full.ts'
import {
  type Answered,
  type FileServer,
  fetchIn,
  neverPage,
  pageFarm,
  serveFiles,
  tagPage,
  xhrIn,
} from './page-helpers.ts'

let browser: TestBrowser
let farm: Farm
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser?.close())
beforeEach(async () => {
  farm = await pageFarm({ pages: { '/': tagPage(), '/outrigger-sw.js': neverPage } })
})
let files: FileServer | undefined
afterEach(async () => {
  files?.close()
  files = undefined
  await browser.closeClients()
  await farm?.close()
})

const inline = () => ({ 'data-servers': farm.servers.map(({ url }) => url).join(' ') })

/** A page that no worker controls, with its cover ready. */
async function openCovered() {
  const { page } = await browser.newClient(`${farm.primary.url}/`)
  await until(page, () => window.outrigger?.status.servers.length === 3)
  return page
}

/** The same, but its cover comes only when `withCoverAfter2s` lets it. */
async function openBeforeCover(attributes: Record<string, string>, missing?: string) {
  files = await serveFiles(missing)
  await farm.setPage('/', tagPage(attributes, '', files.tag))
  const { page } = await browser.newClient()
  await page.goto(`${farm.primary.url}/`, { waitUntil: 'domcontentloaded' })
  return page
}

type Calls = [Promise<Answered>, Promise<Answered>]

/** What these calls come to when the cover comes 2 s after they began. */
function withCoverAfter2s(calls: Calls): Promise<[Answered, Answered]> {
  setTimeout(() => files!.release(), 2_000)
  return Promise.all(calls)
}

describe.each(['list URL', 'inline servers'])('a first visit without a worker, %s', kind => {
  // One fault of each kind is enough for the short run.
  const all = full || kind === 'list URL'
  beforeEach(async () => {
    if (kind === 'inline servers') await farm.setPage('/', tagPage(inline()))
  })

  test('a healthy primary answers', async () => {
    const page = await openCovered()
    expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 0 })
    expect(await xhrIn(page, '/api/echo/2')).toMatchObject({ ok: true, server: 0 })
  })

  test.each(all ? (['kill', 'hang', 'black-hole', '503', 'reset', 'stall'] as const) : (['503', 'stall'] as const))(
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

  test.each(full ? (['kill', 'hang', 'reset', 'stall'] as const) : all ? (['stall'] as const) : (['hang'] as const))(
    'XHR is the first to meet %s',
    async fault => {
      const page = await openCovered()
      await farm.primary.fault(fault)
      const answer = await xhrIn(page, '/api/echo/1?size=2000')
      expect(answer).toMatchObject({ ok: true, status: 200 })
      expect(answer.events).toEqual(['state 1', 'loadstart', 'state 2', 'state 3', 'state 4', 'load', 'loadend'])
      expect(answer.headers).toContain('content-type: application/json')
    },
  )

  test('the cover comes 2 s after the primary died', async () => {
    const page = await openBeforeCover(kind === 'inline servers' ? inline() : {})
    await farm.primary.kill()
    const calls: Calls = [fetchIn(page, '/api/echo/1'), xhrIn(page, '/api/echo/2')]
    for (const answer of await withCoverAfter2s(calls)) {
      // A list that only the dead primary has cannot be had; servers in the tag can.
      expect(answer.ok).toBe(kind === 'inline servers')
      expect(answer.ms).toBeGreaterThan(1_500)
    }
  })

  test('the cover comes 2 s after the primary hung', async () => {
    const page = await openBeforeCover(inline())
    await farm.primary.fault('hang')
    const calls: Calls = [fetchIn(page, '/api/echo/1'), xhrIn(page, '/api/echo/2')]
    for (const answer of await withCoverAfter2s(calls)) expect(answer).toMatchObject({ ok: true, status: 200 })
  })
})

test('the core is found in the worker’s file where its own was not copied', async () => {
  const page = await openBeforeCover(inline(), 'outrigger-core.js')
  files!.release()
  await until(page, () => window.outrigger?.status.servers.length === 3)
  await farm.primary.fault('hang')
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, status: 200 })
  expect(await page.evaluate(() => window.outrigger!.status.problems.map(({ code }) => code))).toEqual([])
})

describe('on its own the page', () => {
  test('never sends a POST twice, and says what became of it', async () => {
    const page = await openCovered()
    // Heard from just now, it gets the writes without a question.
    await fetchIn(page, '/api/echo/1')
    await farm.primary.fault('apply-silent')
    const write = { method: 'POST', body: '{"id":"one"}', headers: { 'content-type': 'application/json' } }
    const [byFetch, byXhr] = await Promise.all([
      fetchIn(page, '/api/write', write),
      xhrIn(page, '/api/write', { method: 'POST', body: '{"id":"two"}' }),
    ])
    for (const answer of [byFetch, byXhr]) {
      expect(answer.ok).toBe(false)
      expect(answer.ms).toBeLessThan(15_000)
    }
    await farm.primary.restore()
    await farm.settled()
    for (const id of ['one', 'two']) expect(farm.ledger().filter(entry => entry.id === id)).toHaveLength(1)
  })

  test('never sends an early POST twice', async () => {
    const page = await openBeforeCover(inline())
    await farm.primary.fault('reset', { only: '/api/', apply: true })
    const write = { method: 'POST', body: '{"id":"early"}', headers: { 'content-type': 'application/json' } }
    const [read, byFetch] = await withCoverAfter2s([fetchIn(page, '/api/echo/1'), fetchIn(page, '/api/write', write)])
    expect(read).toMatchObject({ ok: true })
    expect(byFetch.ok).toBe(false)
    await farm.settled()
    const takers = new Set(farm.ledger().map(({ server }) => server))
    expect([...takers]).toEqual([0])
  })

  test('waits for a list that is late', async () => {
    const list = JSON.stringify({ servers: farm.servers.map(({ url }) => url), probe: '/healthz' })
    await farm.setPage('/servers.json', { body: list, headers: { 'content-type': 'application/json' }, ms: 1_500 })
    const { page } = await browser.newClient(`${farm.primary.url}/`)
    await farm.primary.fault('reset', { only: '/api/' })
    const answers = await Promise.all([fetchIn(page, '/api/echo/1'), xhrIn(page, '/api/echo/2')])
    for (const answer of answers) expect(answer).toMatchObject({ ok: true, status: 200 })
  })

  test('tells of a failure by an event, with all tries in it', async () => {
    const page = await openCovered()
    await page.evaluate(() => {
      window.outrigger!.addEventListener('failure', ({ detail }) => Object.assign(window, { failure: detail }))
    })
    await Promise.all(farm.servers.map(server => server.kill()))
    expect(await fetchIn(page, '/api/echo/1?token=secret')).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^FailoverError/),
    })
    await until(page, () => 'failure' in window)
    const failure = await page.evaluate(
      () => (window as unknown as { failure: { tries: unknown[]; code: string } }).failure,
    )
    expect(failure.code).toBe('unreachable')
    expect(failure.tries.length).toBeGreaterThanOrEqual(3)
    expect(JSON.stringify(failure)).not.toContain('secret')
  })

  test('passes an abort on at once, and its reason untouched', async () => {
    const page = await openCovered()
    await farm.primary.fault('mute')
    const said = await page.evaluate(async () => {
      const control = new AbortController()
      setTimeout(() => control.abort('enough'), 50)
      return fetch('/api/echo/1', { signal: control.signal }).catch(error => error)
    })
    expect(said).toBe('enough')
  })

  test('leaves alone what is no API call', async () => {
    const page = await openCovered()
    await farm.setPage('/other', { body: '{"server":0}', status: 503 })
    expect(await fetchIn(page, '/other')).toMatchObject({ status: 503, server: 0 })
    const seen = await page.evaluate(async () => (await fetch('/other')).url)
    expect(seen).toBe(`${farm.primary.url}/other`)
  })
})

describe('an XMLHttpRequest on its own page', () => {
  test('keeps its timeout when its server hangs', async () => {
    const page = await openCovered()
    await Promise.all(farm.servers.map(server => server.fault('mute')))
    const answer = await xhrIn(page, '/api/echo/1', { timeout: 400 })
    expect(answer.events.slice(-3)).toEqual(['state 4', 'timeout', 'loadend'])
    expect(answer.ms).toBeGreaterThan(350)
    expect(answer.ms).toBeLessThan(1_500 * slack)
  })

  test('can be aborted while it waits', async () => {
    const page = await openCovered()
    await farm.primary.fault('mute')
    const events = await page.evaluate(
      () =>
        new Promise<string[]>(resolve => {
          const xhr = new XMLHttpRequest()
          const events: string[] = []
          for (const type of ['load', 'error', 'abort', 'loadend']) xhr.addEventListener(type, () => events.push(type))
          xhr.open('GET', '/api/echo/1')
          xhr.send()
          setTimeout(() => {
            xhr.abort()
            events.push(`state ${xhr.readyState}`)
            setTimeout(() => resolve(events), 1_500)
          }, 100)
        }),
    )
    expect(events).toEqual(['abort', 'loadend', 'state 0'])
  })

  test('tells its events in the order of one that is left alone', async () => {
    const page = await openCovered()
    await farm.setPage('/other', { body: '{"server":0}', headers: { 'content-type': 'application/json' } })
    const eventsOf = (url: string) =>
      page.evaluate(
        url =>
          new Promise<string[]>(resolve => {
            const xhr = new XMLHttpRequest()
            const events = new Set<string>()
            for (const type of ['readystatechange', 'loadstart', 'progress', 'load', 'loadend'])
              xhr.addEventListener(type, () => events.add(`${type} ${xhr.readyState}`))
            xhr.open('GET', url)
            xhr.addEventListener('loadend', () => resolve([...events]))
            xhr.send()
          }),
        url,
      )
    const alone = await eventsOf('/other')
    expect(alone).toContain('progress 3')
    expect(await eventsOf('/api/echo/1')).toEqual(alone)
  })

  test.each([0, 1])('gives every response type, server %i', async server => {
    const page = await openCovered()
    if (server === 1) await farm.primary.fault('reset', { only: '/api/' })
    const seen = await page.evaluate(async () => {
      const ask = (type: XMLHttpRequestResponseType) =>
        new Promise<unknown>(resolve => {
          const xhr = new XMLHttpRequest()
          xhr.open('GET', '/api/echo/7')
          xhr.responseType = type
          xhr.onload = () => resolve(xhr.response)
          xhr.onerror = () => resolve('error')
          xhr.send()
        })
      const [text, json, buffer, blob] = await Promise.all((['text', 'json', 'arraybuffer', 'blob'] as const).map(ask))
      return [text, JSON.stringify(json), new TextDecoder().decode(buffer as ArrayBuffer), await (blob as Blob).text()]
    })
    for (const text of seen) expect(JSON.parse(text as string)).toMatchObject({ n: '7' })
    expect((JSON.parse(seen[0] as string) as { server: number }).server === 0).toBe(server === 0)
  })

  test('shows listeners that capture nothing of what it keeps back', async () => {
    const page = await openCovered()
    await farm.primary.kill()
    const heard = await page.evaluate(
      () =>
        new Promise<string[]>(resolve => {
          const xhr = new XMLHttpRequest()
          const types: string[] = []
          for (const type of ['loadstart', 'load', 'error', 'abort', 'loadend'])
            xhr.addEventListener(
              type,
              () => {
                types.push(type)
                if (type === 'loadend') setTimeout(resolve, 100, types)
              },
              true,
            )
          xhr.open('GET', '/api/echo/1')
          xhr.send()
        }),
    )
    expect(heard).toEqual(['loadstart', 'load', 'loadend'])
  })

  test('reports the progress of an upload', async () => {
    const page = await openCovered()
    const loaded = await page.evaluate(
      () =>
        new Promise<number>(resolve => {
          const xhr = new XMLHttpRequest()
          let most = 0
          xhr.upload.onprogress = event => {
            most = Math.max(most, event.loaded)
          }
          xhr.onloadend = () => resolve(xhr.status === 201 ? most : -1)
          xhr.open('POST', '/api/upload')
          xhr.send('x'.repeat(300_000))
        }),
    )
    expect(loaded).toBe(300_000)
  })

  test('answers 404 and 500 of a healthy primary as they are', async () => {
    const page = await openCovered()
    expect(await xhrIn(page, '/api/nothing')).toMatchObject({ status: 404, server: 0 })
    expect(await xhrIn(page, '/api/always-500')).toMatchObject({ status: 500, server: 0 })
    expect(await fetchIn(page, '/api/always-500')).toMatchObject({ status: 500, server: 0 })
  })
})

test('a policy that forbids a mirror is named', async () => {
  const page = tagPage()
  const meta = `<meta http-equiv="Content-Security-Policy" content="connect-src 'self'">`
  await farm.setPage('/', { ...page, body: page.body!.replace('<head>', `<head>${meta}`) })
  const tab = await openCovered()
  await farm.primary.fault('reset', { only: '/api/' })
  expect(await fetchIn(tab, '/api/echo/1')).toMatchObject({ ok: false })
  await until(tab, () => window.outrigger?.status.problems.some(({ code }) => code === 'csp'))
})
