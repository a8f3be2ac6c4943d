import type { Page as Tab } from 'puppeteer'
import type { TestBrowser } from '../support/browser.ts'
import type { Farm, FaultName, Page } from '../support/farm.ts'
import type { Reading } from './faults-table.ts'
import type { Client } from './peers.ts'
import { median } from './statistics.ts'

const COUNT = 51

/** A request without an end by then is lost. */
const LIMIT_MS = 30_000

/** The requests after the first get this long together: a client that pays each time is known by then. */
const SPEND_MS = 2_000
const LEAST = 2

interface Bench {
  ready: Promise<true>
  run(plan: {
    count: number
    least: number
    spendMs: number
    limitMs: number
  }): Promise<{ ms: number; error?: string }[]>
}

/** One answer that every client takes for what it asked: the same bytes for all. */
const answer: Page = {
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  body: JSON.stringify({
    jsonrpc: '2.0',
    id: 1,
    result: 'right answer',
    results: [{ hits: [{ objectID: '1', title: 'right answer' }], nbHits: 1, page: 0, nbPages: 1, hitsPerPage: 20 }],
  }),
}

const paths = ['/api/bench', '/1/indexes/*/queries', '/collections/bench/documents/1', '/rpc']

/** Reads by one client while the first server has the fault; several clients at once wait side by side, each in a browser profile of its own. */
export async function measureClient(
  browser: TestBrowser<Tab>,
  farm: Farm,
  fault: FaultName,
  clients: readonly Client[],
): Promise<Record<string, Reading>> {
  await farm.primary.restore()
  for (const path of paths) await farm.setPage(path, answer)
  const open = await Promise.all(clients.map(client => openClient(browser, farm, client)))
  await farm.primary.fault(fault)
  const plan = { count: COUNT, least: LEAST, spendMs: SPEND_MS, limitMs: LIMIT_MS }
  const all = await Promise.all(
    open.map(({ page }) => page.evaluate(plan => (window as unknown as { bench: Bench }).bench.run(plan), plan)),
  )
  await Promise.all(open.map(({ context }) => context.close()))
  return Object.fromEntries(clients.map(({ name }, index) => [name, toReading(all[index]!)]))
}

async function openClient(browser: TestBrowser<Tab>, farm: Farm, client: Client) {
  const path = `/${client.script}${client.tag ? '-tag' : ''}`
  await farm.setPage(path, pageFor(client))
  const { page, context } = await browser.newClient()
  page.setDefaultTimeout(30_000)
  await page.goto(`${farm.primary.url}${path}?servers=${farm.servers.map(({ url }) => url).join('+')}`)
  await page.evaluate(() => (window as unknown as { bench: Bench }).bench.ready)
  await page.waitForNetworkIdle({ idleTime: 100 })
  return { page, context }
}

function pageFor({ name, script, tag }: Client): Page {
  const outrigger = '<script src="/outrigger.js" data-servers="/servers.json" data-api="/api/"></script>'
  return {
    body: `<!doctype html><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,">
${tag ? outrigger : ''}<script type="module" src="/bench/${script}.js"></script>`,
  }
}

function toReading(all: { ms: number; error?: string }[]): Reading {
  const times = all.map(({ ms }) => ms)
  return {
    worst: Math.max(...times),
    later: median(times.slice(1)),
    requests: all.length,
    error: all.find(({ error }) => error)?.error,
  }
}
