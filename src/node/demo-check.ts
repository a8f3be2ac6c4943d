import type { Browser, Page } from 'puppeteer'
import { browserFlags } from './browser-flags.ts'
import type { Demo } from './demo.ts'
import type { FarmServer, FaultName } from './farm.ts'
import { findOrInstallBrowser } from './find-browser.mjs'
import { serverNames } from './panel-server.ts'

/** One request as the app measured it. */
interface Sample {
  kind: 'read' | 'write'
  /** Wall time of its start. */
  at: number
  ms: number
  /** Index of the server that answered; null: none did. */
  server: number | null
  ok: boolean
}

export interface CheckResult {
  requests: number
  failed: number
  /** What went wrong beside failed requests. */
  complaints: string[]
}

/** Shorter than the package's own times, so that the primary is back in use after seconds and not a minute. */
export const checkDefaults = { ejectMs: 1_000, ejectMaxMs: 1_500, returnGapMs: 500 }

/** The faults that the panel has a button for. */
const story: FaultName[] = ['kill', 'hang', 'black-hole', '503', 'slow', 'stall', 'reset', 'corrupt']

const readsPerSecond = 20
const watchMs = 5_000
const returnLimitMs = 30_000

/**
 * Runs the demo's whole story in a headless browser: every fault on the primary and one
 * on the mirror in use while the app reads, a reload and a new tab with the primary dead.
 *
 * @throws when Puppeteer or a browser is missing, with what to do.
 */
export async function checkDemo(demo: Demo, say: (line: string) => void): Promise<CheckResult> {
  const browser = await openBrowser(say)
  const samples: Sample[] = []
  const complaints: string[] = []
  const [primary] = demo.farm.servers as [FarmServer]
  const url = `${demo.appUrl}?rate=${readsPerSecond}`

  const answeredBy = (server: number) => samples.slice(-readsPerSecond).every(sample => sample.server === server)
  const failures = (from: number) => samples.slice(from).filter(({ ok }) => !ok).length

  async function chapter(title: string, play: () => Promise<void>): Promise<void> {
    const from = samples.length
    try {
      await play()
    } catch (error) {
      complaints.push(`${title}: ${(error as Error).message}\n    ${await statusOf(page)}`)
    }
    const mine = samples.slice(from)
    const slowest = Math.round(Math.max(0, ...mine.map(({ ms }) => ms)))
    const by = serverNames.map(
      (name, index) => `${name.at(-1)} ${mine.filter(({ server }) => server === index).length}`,
    )
    say(
      `${title}: ${mine.length} requests, ${failures(from)} failed, slowest ${slowest} ms; answered by ${by.join(', ')}`,
    )
  }

  async function isHome(): Promise<void> {
    await until(() => samples.length > readsPerSecond && answeredBy(0), returnLimitMs, 'the app is back on server A')
  }

  async function breakAndRestore(server: FarmServer, fault: FaultName): Promise<void> {
    const from = Date.now()
    await server.fault(fault)
    await until(() => samples.some(({ at }) => at > from + watchMs), 3 * watchMs, 'the app goes on reading')
    const late = samples.filter(({ at, kind }) => kind === 'read' && at > from + watchMs - 1_000)
    if (late.some(sample => sample.server === server.index))
      throw new Error(`${serverNames[server.index]} is still asked`)
    await server.restore()
  }

  let page = await openApp(browser, url, samples)
  try {
    await chapter('all healthy', async () => {
      await until(() => samples.length > 2 * readsPerSecond, watchMs, 'the app reads')
      if (!answeredBy(0)) throw new Error('server A is healthy, but others were asked')
      await controlled(page)
      await post(page, 'Written while all is well')
    })
    for (const fault of story) {
      await chapter(`server A: ${fault}`, async () => {
        await breakAndRestore(primary, fault)
        await isHome()
      })
    }
    await chapter('servers A: kill, and the mirror in use: hang', async () => {
      await primary.kill()
      await until(() => !samples.slice(-readsPerSecond).some(({ server }) => server === 0), watchMs, 'a mirror answers')
      const mirror = demo.farm.servers[samples.at(-1)?.server ?? 1]!
      await breakAndRestore(mirror, 'hang')
      await primary.restore()
      await isHome()
    })
    await primary.kill()
    await chapter('server A dead: a note is written', () => post(page, 'Written without server A'))
    await chapter('server A dead: reload', async () => {
      await pause(page)
      await page.reload()
      await reads(page, samples)
      await pause(page)
    })
    await chapter('server A dead: new tab', async () => {
      page = await openApp(browser, url, samples)
      await reads(page, samples)
    })
    await chapter('server A back', async () => {
      await primary.restore()
      await isHome()
      await pause(page)
    })
  } finally {
    await browser.close()
  }
  return { requests: samples.length, failed: failures(0), complaints }
}

async function openBrowser(say: (line: string) => void): Promise<Browser> {
  const { default: puppeteer } = await import('puppeteer').catch(() => {
    throw new Error('--check needs Puppeteer to drive a browser: npm install --save-dev puppeteer@24')
  })
  const executablePath = await findOrInstallBrowser(say)
  return puppeteer.launch({ executablePath, args: browserFlags })
}

async function openApp(browser: Browser, url: string, samples: Sample[]): Promise<Page> {
  const page = await browser.newPage()
  await page.exposeFunction('report', (sample: Sample) => void samples.push(sample))
  await page.evaluateOnNewDocument(() => {
    addEventListener('demo-sample', event => (globalThis as never as Reporter).report((event as CustomEvent).detail))
  })
  await page.goto(url)
  return page
}

type Reporter = { report(sample: unknown): void; pause(): Promise<void> }

async function reads(page: Page, samples: Sample[]): Promise<void> {
  await page.waitForSelector('#notes li')
  const from = samples.length
  await until(() => samples.length > from + 2 * readsPerSecond, 3 * watchMs, 'the app reads')
}

/** Posts a note by the app's own form. */
async function post(page: Page, text: string): Promise<void> {
  await page.type('#note', text)
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.getElementById('outcome')?.textContent === 'Posted.', { timeout: watchMs })
  await page.waitForFunction(wanted => document.getElementById('notes')?.textContent?.includes(wanted), {}, text)
}

/** Stops the app's reading and waits for the last answer: a request that a reload cuts off would not be counted. */
function pause(page: Page): Promise<void> {
  return page.evaluate(() => (globalThis as never as Reporter).pause())
}

/** The package's own view, for a story that went wrong. */
function statusOf(page: Page): Promise<string> {
  return page.evaluate(() =>
    JSON.stringify((globalThis as never as { outrigger?: { status: unknown } }).outrigger?.status),
  )
}

function controlled(page: Page): Promise<unknown> {
  return page.waitForFunction(() => navigator.serviceWorker?.controller, { timeout: 10_000 })
}

async function until(condition: () => boolean, limitMs: number, what: string): Promise<void> {
  const end = Date.now() + limitMs
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${limitMs / 1000} s in vain until ${what}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
