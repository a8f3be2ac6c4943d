import type { Page } from 'puppeteer'
import { browserFlags } from '../../../src/node/browser-flags.ts'
import { findOrInstallBrowser } from '../../../src/node/find-browser.mjs'
import { listen, openByPuppeteer, pageOf } from './puppeteer.ts'
import type { Engine, Tab, TestBrowser } from './tab.ts'

/** Chromium whatever the engine of the run is, for tests that need what only its tools can do. */
export async function openChromium(): Promise<TestBrowser<Page>> {
  const executablePath = process.env.OUTRIGGER_BROWSER ?? (await findOrInstallBrowser(line => console.error(line)))
  return openByPuppeteer({ executablePath, args: browserFlags })
}

export const chromium: Engine = {
  open: openChromium,
  cannot: [],
  stopAllWorkers,
  hardReload,
  listen,
}

async function stopAllWorkers(tab: Tab): Promise<void> {
  const session = await pageOf(tab).createCDPSession()
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

async function hardReload(tab: Tab): Promise<void> {
  const page = pageOf(tab)
  const session = await page.createCDPSession()
  const loaded = page.waitForNavigation()
  await session.send('Page.reload', { ignoreCache: true })
  await loaded
}
