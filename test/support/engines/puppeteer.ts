import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import puppeteer, { type Browser, type BrowserContext, type LaunchOptions, type Page } from 'puppeteer'
import type { Heard, Tab, TestBrowser } from './tab.ts'

/** Starts a browser that Puppeteer drives, with a new profile. */
export async function openByPuppeteer(options: LaunchOptions): Promise<TestBrowser<Page>> {
  const profile = await mkdtemp(join(tmpdir(), 'outrigger-'))
  const launch = () =>
    puppeteer.launch({ headless: true, userDataDir: profile, protocolTimeout: 240_000, timeout: 120_000, ...options })
  let browser = await launch()
  const contexts: BrowserContext[] = []
  return {
    newPage: url => openPage(browser, url),
    async newClient(url) {
      const context = await browser.createBrowserContext()
      contexts.push(context)
      return { context, page: await openPage(context, url) }
    },
    async closeClients() {
      // A test may have closed its own.
      await Promise.all(contexts.splice(0).map(context => context.close().catch(() => {})))
    },
    version: () => browser.version(),
    async restart() {
      await browser.close()
      browser = await launch()
    },
    async close() {
      await browser.close()
      await rm(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function openPage(where: Browser | BrowserContext, url?: string): Promise<Page> {
  const page = await where.newPage()
  if (url) await page.goto(url)
  return page
}

/** The tab as Puppeteer's own; for the engines that it drives. */
export const pageOf = (tab: Tab) => tab as Page

export function listen(tab: Tab): Heard {
  const page = pageOf(tab)
  const heard: Heard = { lines: [], errors: [] }
  page.on('console', message => {
    heard.lines.push(message.text())
    if (message.type() === 'error') heard.errors.push(message.text())
  })
  page.on('pageerror', error => heard.errors.push(String(error)))
  return heard
}
