import { controlled, engineName, openBrowser, type Tab, type TestBrowser, until } from '../browser.ts'
import { createFarm, type Page } from '../farm.ts'
import { full, slack } from '../full.ts'
import type { Tagged } from '../stage.ts'
import type { Case } from './case.ts'
import { exceptionsOf, type Sights } from './compare.ts'
import { createKit, type KitSetup, type Seen } from './kit.ts'
import { createXhrKit } from './xhr-kit.ts'

const html = { 'content-type': 'text/html; charset=utf-8' }
const js = { 'content-type': 'text/javascript; charset=utf-8' }

const page = (head: string): Page => ({
  headers: html,
  body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>page</title><link rel="icon" href="data:,">${head}</head><body></body></html>`,
})

/** A list that lets the mirror have cookies and headers, and one that does not. */
const lists = ['include', 'omit'] as const

const tag = (list: string) =>
  `<script src="/outrigger.js" data-servers="/list-${list}.json" data-api="/api/" data-worker="/outrigger-sw.js"></script>`

const pages: Record<string, Page> = {
  '/none.html': page(''),
  '/through.html': page(`<script>navigator.serviceWorker.register('/through-sw.js')</script>`),
  '/through-sw.js': {
    headers: js,
    body: `addEventListener('install', () => skipWaiting())
addEventListener('activate', event => event.waitUntil(clients.claim()))
addEventListener('fetch', event => event.respondWith(fetch(event.request)))`,
  },
  ...Object.fromEntries(lists.map(list => [`/${list}.html`, page(tag(list))])),
}

/** Runs all cases in each setting, one page load for each, and tells what the pages saw. */
export async function lookAtAll(cases: readonly Case[]): Promise<Map<string, Sights>> {
  const farm = await createFarm(
    { servers: 2, files: [], pages, corsCredentials: true },
    'test/support/fidelity/fidelity-server-entry.ts',
  )
  const browser = await openBrowser()
  try {
    const [primary, mirror] = farm.servers.map(({ url }) => url) as [string, string]
    for (const list of lists) {
      const body = JSON.stringify({
        servers: [{ url: primary }, { url: mirror, credentials: list }],
        probe: '/healthz',
        sources: [`${primary}/list-${list}.json`],
        // On a machine that is busy the primary must not be taken for slow or dead.
        defaults: { lookAfterMs: 5_000, overtakeAfterMs: 60_000 },
      })
      await farm.setPage(`/list-${list}.json`, { body, headers: { 'content-type': 'application/json' } })
    }
    const look = async (tab: Tab, name: string, some = cases, alive = [primary, mirror]) => {
      const seen = await runIn(tab, name, some, alive)
      return new Map(some.map(({ name }, i) => [name, normal(seen[i], { asked: primary, mirror })]))
    }
    const none = await look(await openPage(browser, `${primary}/none.html`), 'none')
    const floor = cases.filter(one => exceptionsOf(one, engineName).some(({ when }) => when === 'any worker'))
    const through = await look(await openControlled(browser, `${primary}/through.html`), 'through', floor)
    const ours = await openOurs(browser, `${primary}/include.html`)
    const healthy = await look(ours, 'healthy')
    const bare = cases.filter(({ credentials }) => credentials === 'omit')
    const oursBare = bare.length > 0 ? await openOurs(browser, `${primary}/omit.html`) : undefined
    await farm.primary.kill()
    const rest = cases.filter(one => !bare.includes(one))
    await foundDead(ours)
    const dead = await look(ours, 'dead', rest, [mirror])
    if (oursBare) {
      await foundDead(oursBare)
      for (const [name, seen] of await look(oursBare, 'bare', bare, [mirror])) dead.set(name, seen)
    }
    return new Map(
      cases.map(({ name }) => {
        const sights = { none, through, healthy, dead }
        return [name, Object.fromEntries(Object.entries(sights).map(([key, seen]) => [key, seen.get(name)])) as never]
      }),
    )
  } finally {
    await browser.close()
    await farm.close()
  }
}

async function openPage(browser: TestBrowser, url: string): Promise<Tab> {
  return (await browser.newClient(url)).page
}

async function openControlled(browser: TestBrowser, url: string): Promise<Tab> {
  const tab = await openPage(browser, url)
  await controlled(tab)
  return tab
}

async function openOurs(browser: TestBrowser, url: string): Promise<Tab> {
  const tab = await openControlled(browser, url)
  await until(tab, workerHasList)
  return tab
}

/** Runs in the page. As long as the worker itself knows no list the page's own cover answers, whose list the status shows. */
function workerHasList(): Promise<boolean> {
  return new Promise(resolve => {
    const channel = new BroadcastChannel(`outrigger:${location.origin}/`)
    const end = (has: boolean) => {
      channel.close()
      resolve(has)
    }
    channel.onmessage = ({ data }) => data.outrigger === 'status' && end(Boolean(data.status.list))
    navigator.serviceWorker.controller?.postMessage({ outrigger: 'status' })
    setTimeout(end, 1_000, false)
  })
}

/** Lets a page find out that its primary is gone; it may stay suspect as long as nobody has to ask it. */
async function foundDead(tab: Tab): Promise<void> {
  await until(tab, async () => {
    await (await fetch('/api/f/say')).text()
    const states = (window as never as Tagged).outrigger.status.servers.map(({ state }) => state)
    return states.some(state => state === 'dead' || state === 'suspect')
  })
}

/** Runs the cases one after the other. */
async function runIn(tab: Tab, run: string, cases: readonly Case[], servers: string[]): Promise<Seen[]> {
  const sources = cases.map(({ run, limitMs }) => ({ source: sourceOf(run), limitMs: limitMs ?? 10_000 }))
  const setup = { servers, run, engine: engineName, full, promptMs: 100 * slack }
  const work = async (kitSources: string[], setup: KitSetup, cases: { source: string; limitMs: number }[]) => {
    const make = (source: string) => new Function(`return (${source})`)()
    const results: unknown[] = []
    for (const [i, { source, limitMs }] of cases.entries()) {
      const given = { ...setup, run: `${setup.run}-${i}` }
      const kit = Object.assign({}, ...kitSources.map(source => make(source)(given)))
      const limit = new Promise(resolve => setTimeout(resolve, limitMs, { hung: true }))
      const seen = new Promise(resolve => resolve(make(source)(kit)))
      const failed = (error: unknown) => ({ threw: String(error), stack: (error as Error)?.stack })
      results.push(await Promise.race([seen.catch(failed), limit]))
    }
    return JSON.stringify(results)
  }
  return JSON.parse(await tab.evaluate(work, [createKit, createXhrKit].map(String), setup, sources))
}

/** A method's source is none of an expression. */
function sourceOf(run: Case['run']): string {
  const source = run.toString()
  return /^(async\s+)?(function\b|\(|\w+\s*=>)/.test(source) ? source : `({ ${source} }).run`
}

/** Without ports and ids, which differ from run to run, and the names of our pages. */
function normal(seen: Seen, origins: Record<string, string>): Seen {
  let text = JSON.stringify(seen ?? null)
  for (const [name, origin] of Object.entries(origins)) {
    text = text.replaceAll(origin, `http://${name}`).replaceAll(encodeURIComponent(origin), `http%3A%2F%2F${name}`)
  }
  return JSON.parse(
    text.replace(/id-[a-z]+-\d+-(\d+)/g, 'id-$1').replace(/(none|through|include|omit)\.html/g, 'page.html'),
  )
}
