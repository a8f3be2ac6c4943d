import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { FaultName } from '../../src/node/faults.ts'
import { controlled, openBrowser, type Tab, type TestBrowser, until } from '../support/browser.ts'
import type { Farm } from '../support/farm.ts'
import { figure, full } from '../support/full.ts'
import { createLibraryFarm } from '../support/libraries.ts'
import { neverPage, tagPage } from './page-helpers.ts'

/** Client libraries, each used as its own documentation shows, in a page with our script tag. */

interface Library {
  /** Attributes of the tag beside `data-servers` and `data-api="/api/"`. */
  tag?: Record<string, string>
  /** It sends headers of its own that its server needs: what the list says of the mirrors. */
  credentials?: 'headers'
  reads?: false
  writes?: false
  /** Also tested on a first visit, before the worker is there. */
  first?: true
}

const libraries: Record<string, Library> = {
  'axios-xhr': { first: true },
  'axios-fetch': { first: true },
  ky: { first: true },
  'openapi-fetch': {},
  'query-core': {},
  'postgrest-js': { credentials: 'headers' },
  apollo: {},
  urql: {},
  trpc: {},
  algolia: { credentials: 'headers', tag: { 'data-reads': '/api/1/indexes/*/queries' } },
  'htmx-2': { credentials: 'headers', first: true },
  'htmx-4': { credentials: 'headers', first: true },
  uppy: { reads: false },
  'fetch-event-source': { writes: false, credentials: 'headers' },
  'socket.io': { writes: false, tag: { 'data-api': '/api/ /socket.io/' } },
}

type When = 'under the worker' | 'on a first visit'
const faults: FaultName[] = ['kill', 'hang', '503', 'stall']

interface Use {
  ok: boolean
  n?: number
  server?: number
  applied?: string
  error?: string
  ms: number
}

interface Module {
  read(n: number): Promise<{ n: number; server: number }>
  write(id: string, headers: Record<string, string>): Promise<string>
  /** Of `fetch-event-source` alone. */
  follow?(): Promise<void>
  events?: { id: number; server: number }[]
}

declare global {
  interface Window {
    library: Module
  }
}

let farm: Farm
let browser: TestBrowser
let writes = 0
let reads = 0

beforeAll(async () => {
  ;[farm, browser] = await Promise.all([
    createLibraryFarm({ servers: 3, close: true, pages: { '/never-sw.js': neverPage } }),
    openBrowser(),
  ])
  const servers = farm.servers.map(({ url }) => ({ url, credentials: 'headers' }))
  const list = { servers, probe: '/healthz', sources: [`${farm.primary.url}/headers.json`] }
  const json = { 'content-type': 'application/json' }
  await farm.setPage('/headers.json', { body: JSON.stringify(list), headers: json })
}, 180_000)
afterEach(async () => {
  await browser.closeClients()
  await Promise.all(farm.servers.map(server => server.restore({ resume: true })))
})
afterAll(async () => {
  await browser?.close()
  await farm?.close()
})

/** A page of its own with the library loaded and used once. */
async function open(name: string, when: When): Promise<Tab> {
  const { tag, credentials } = libraries[name]!
  const servers = credentials ? '/headers.json' : '/servers.json'
  const worker = when === 'under the worker' ? '/outrigger-sw.js' : '/never-sw.js'
  const script = `<script type="module">import * as library from '/libraries/${name}.js'; window.library = library</script>`
  await farm.setPage(`/${name}.html`, tagPage({ 'data-servers': servers, 'data-worker': worker, ...tag }, script))
  const { page } = await browser.newClient(`${farm.primary.url}/${name}.html`)
  if (when === 'under the worker') await controlled(page)
  await until(page, () => window.library && window.outrigger?.status.list)
  return page
}

function read(page: Tab, n: number): Promise<Use> {
  return page.evaluate(async n => {
    const start = performance.now()
    try {
      const { n: got, server } = await window.library.read(n)
      return { ok: true, n: Number(got), server, ms: performance.now() - start }
    } catch (error) {
      return { ok: false, error: String(error), ms: performance.now() - start }
    }
  }, n)
}

function write(page: Tab, id: string, withKey: boolean): Promise<Use> {
  const headers: Record<string, string> = withKey ? { 'Idempotency-Key': id } : {}
  return page.evaluate(
    async (id, headers) => {
      const start = performance.now()
      try {
        return { ok: true, applied: await window.library.write(id, headers), ms: performance.now() - start }
      } catch (error) {
        return { ok: false, error: String(error), ms: performance.now() - start }
      }
    },
    id,
    headers,
  )
}

const newId = () => `w${++writes}`
const newRead = () => ++reads

async function timesApplied(id: string): Promise<number> {
  await farm.settled()
  return farm.ledger().filter(entry => entry.id === id).length
}

/** Reads that meet the fault, and one after it, are right and come from a server that lives; which, is told. */
async function readsGoOn(page: Tab, what: string, dead: readonly number[]): Promise<number> {
  // Never the same one twice: some libraries have caches.
  const [one, two, three] = [newRead(), newRead(), newRead()]
  const during = await Promise.all([read(page, one), read(page, two)])
  const after = await read(page, three)
  figure(`${what}, reads`, { slowest: Math.max(...during.map(({ ms }) => ms)), next: after.ms })
  const lives = expect.toSatisfy((server: number) => !dead.includes(server))
  for (const [i, use] of [...during, after].entries())
    expect(use).toMatchObject({ ok: true, n: one + i, server: lives })
  return after.server!
}

/** With a key a write arrives; without one it may fail if it met the fault itself. Neither is ever applied twice. */
async function writesAreSafe(page: Tab, what: string, met: boolean) {
  const [plain, keyed] = [newId(), newId()]
  const [once, repeated] = await Promise.all([write(page, plain, false), write(page, keyed, true)])
  figure(`${what}, writes`, { 'without key': once.ok ? once.ms : once.error, 'with key': repeated.ms })
  expect(repeated).toMatchObject({ ok: true, applied: keyed })
  expect(await timesApplied(keyed)).toBe(1)
  const times = await timesApplied(plain)
  if (once.ok) expect([once.applied, times]).toEqual([plain, 1])
  else {
    expect(met, `without a key it failed: ${once.error}`).toBe(true)
    expect(times).toBeLessThanOrEqual(1)
    // A 503 is an answer, and what a library gives up by its own rule, as ky after 10 s, no failure of ours.
    if (farm.primary.state.name === '503' || /timed out|Unreachable hosts/.test(once.error!)) return
    // The worker tells its status a moment later.
    await until(page, () => window.outrigger!.status.failures.some(({ sent }) => sent === 'unknown'))
  }
}

/** The short run: one page, whose primary falls silent and whose next server is then killed, or just its primary. */
async function throughTwoDeaths(name: string): Promise<void> {
  const { reads = true, writes = true } = libraries[name]!
  const page = await openUsed(name, 'under the worker')
  let server = 0
  if (reads) {
    await farm.primary.fault('hang')
    server = await readsGoOn(page, `${name}, hang`, [0])
    if (writes) await writesAreSafe(page, `${name}, hang`, false)
  }
  await farm.servers[server]!.kill()
  if (writes) await writesAreSafe(page, `${name}, kill`, true)
  if (reads) await readsGoOn(page, `${name}, kill`, [0, server])
}

async function throughFault(name: string, when: When, fault: FaultName, writesFirst: boolean): Promise<void> {
  const { reads = true, writes = true } = libraries[name]!
  // Within 10 s after a write no read is overtaken, and a body that stands still is rescued by nothing else.
  const page = await openUsed(name, when, fault !== 'stall')
  const what = `${name} ${when}, ${fault}`
  await farm.primary.fault(fault)
  if (writes && writesFirst) await writesAreSafe(page, what, true)
  if (reads) await readsGoOn(page, what, [0])
  if (writes && reads) await writesAreSafe(page, what, false)
}

async function openUsed(name: string, when: When, wrote = true): Promise<Tab> {
  const { reads = true, writes = true } = libraries[name]!
  const page = await open(name, when)
  if (reads) expect(await read(page, newRead())).toMatchObject({ ok: true, server: 0 })
  if (writes && wrote) expect(await write(page, newId(), false)).toMatchObject({ ok: true })
  return page
}

/** A primary whose first answer takes seconds, as on a busy machine, is passed over. */
const patient = { retry: 2 }

const names = Object.keys(libraries)
const firstVisitors = names.filter(name => libraries[name]!.first)

if (full) {
  describe.each(faults)('while the primary is under %s', fault => {
    const rows: [string, When][] = [
      ...names.map((name): [string, When] => [name, 'under the worker']),
      ...firstVisitors.map((name): [string, When] => [name, 'on a first visit']),
    ]
    // The session of a socket is its server's alone: behind a body that stands still its own ping must end it, twice.
    const timeout = fault === 'stall' ? 180_000 : undefined
    const go = (name: string, when: When) => throughFault(name, when, fault, false)
    test.each(rows)('%s %s goes on reading and writing', { timeout }, go)
    // An answer that stops after its headers is the page's already, unless the write may be repeated.
    if (fault === 'stall') return
    const writers = rows.filter(([name]) => libraries[name]!.writes !== false)
    test.each(writers)('%s %s is safe with writes that meet it', (name, when) => throughFault(name, when, fault, true))
  })
} else {
  // One of each kind; the full run has them all.
  const some = names.filter(name => !/fetch$|^(urql|postgrest-js|htmx-4)$/.test(name))
  test.each(some)('%s goes on when the primary hangs and the next server is killed', patient, throughTwoDeaths)
  test.each(['axios-fetch', 'htmx-2'])('%s on a first visit goes on when the primary is killed', patient, name =>
    throughFault(name, 'on a first visit', 'kill', true),
  )
}

test('a stream followed by fetch-event-source goes on at another server where it stopped', async () => {
  const page = await open('fetch-event-source', 'under the worker')
  await page.evaluate(() => void window.library.follow!())
  await until(page, () => window.library.events!.length >= 3)
  await farm.primary.kill()
  await until(page, () => window.library.events!.some(({ server }) => server !== 0))
  const ids = await page.evaluate(() => window.library.events!.map(({ id }) => id))
  expect(ids).toEqual(ids.map((_, i) => i + 1))
})
