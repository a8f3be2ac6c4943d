import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Browser, type BrowserContext, type Page } from 'puppeteer'
import { browserFlags } from '../../src/node/browser-flags.ts'
import { findOrInstallBrowser } from '../../src/node/find-browser.mjs'

export interface TestBrowser {
  /** Puppeteer's own; another one after `restart`. */
  readonly browser: Browser
  /** Folder of the profile. */
  readonly profile: string
  /** A tab of the profile's own client. */
  newPage(url?: string): Promise<Page>
  /** A tab of a new client: its own workers, caches, databases. Closed with the browser. */
  newClient(url?: string): Promise<{ page: Page; context: BrowserContext }>
  /** Ends the browser and starts it again with the same profile. */
  restart(): Promise<void>
  /** Ends the browser; removes the profile if it was made here. */
  close(): Promise<void>
}

export interface BrowserOptions {
  /** Folder to keep the profile in. Default: a new one in the system's temporary folder. */
  profile?: string
  /** More flags. */
  flags?: string[]
  /** Default true. */
  headless?: boolean
}

/** Starts Chromium with a profile of its own. */
export async function openBrowser(options: BrowserOptions = {}): Promise<TestBrowser> {
  const executablePath = process.env.OUTRIGGER_BROWSER ?? (await findOrInstallBrowser(line => console.error(line)))
  const profile = options.profile ?? (await mkdtemp(join(tmpdir(), 'outrigger-')))
  const launch = () =>
    puppeteer.launch({
      executablePath,
      headless: options.headless ?? true,
      userDataDir: profile,
      args: [...browserFlags, ...(options.flags ?? [])],
      protocolTimeout: 240_000,
    })
  let browser = await launch()
  return {
    get browser() {
      return browser
    },
    profile,
    newPage: url => openPage(browser, url),
    async newClient(url) {
      const context = await browser.createBrowserContext()
      return { context, page: await openPage(context, url) }
    },
    async restart() {
      await browser.close()
      browser = await launch()
    },
    async close() {
      await browser.close()
      if (!options.profile) await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function openPage(where: Browser | BrowserContext, url?: string): Promise<Page> {
  const page = await where.newPage()
  if (url) await page.goto(url)
  return page
}

/** Waits until a worker controls the page. */
export async function controlled(page: Page): Promise<void> {
  await page.evaluate(
    () =>
      new Promise<void>(resolve => {
        const { serviceWorker } = navigator
        if (serviceWorker.controller) resolve()
        else serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true })
      }),
  )
}

/** Waits until `condition` is true inside the page; it is asked every 50 ms. */
export async function until<T extends unknown[]>(
  page: Page,
  condition: (...args: T) => unknown,
  ...args: T
): Promise<void> {
  await page.waitForFunction(condition as never, { polling: 50, timeout: 30_000 }, ...(args as unknown[] as never[]))
}

/** Stops every service worker of the browser, as it does itself after 30 idle seconds; the next event starts them anew. */
export async function stopAllWorkers(page: Page): Promise<void> {
  const session = await page.createCDPSession()
  const versions = new Map<string, string>()
  const stopped = new Promise<void>(resolve => {
    session.on('ServiceWorker.workerVersionUpdated', ({ versions: changed }) => {
      for (const { versionId, runningStatus } of changed) versions.set(versionId, runningStatus)
      if (asked && [...versions.values()].every(status => status === 'stopped')) resolve()
    })
  })
  let asked = false
  await session.send('ServiceWorker.enable')
  asked = true
  await session.send('ServiceWorker.stopAllWorkers')
  if ([...versions.values()].some(status => status !== 'stopped')) await stopped
  await session.detach()
}

/** Everything that the page and its workers print, oldest first; `errors` alone are errors and uncaught throws. */
export function listen(page: Page): { lines: string[]; errors: string[] } {
  const heard = { lines: [] as string[], errors: [] as string[] }
  page.on('console', message => {
    heard.lines.push(message.text())
    if (message.type() === 'error') heard.errors.push(message.text())
  })
  page.on('pageerror', error => heard.errors.push(String(error)))
  return heard
}
