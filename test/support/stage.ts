import { afterAll } from 'vitest'
import { controlled, openBrowser, type TestBrowser } from './browser.ts'
import { countRequests } from './counting-worker.ts'
import type { Tab } from './engines/tab.ts'
import type { Farm } from './farm.ts'
import { createKeptFarm } from './kept-farm.ts'

/** A farm, a browser and one page under control of the worker, with the list known. */
export interface Stage {
  farm: Farm
  browser: TestBrowser
  page: Tab
  close(): Promise<void>
}

export interface StageOptions {
  servers?: number
  close?: boolean
  list?: Record<string, unknown>
  /** The worker counts what leaves the client; see `counting-worker.ts`. Default false. */
  counting?: boolean
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const farm = await createKeptFarm({
    servers: options.servers ?? 4,
    files: 'test/browser/app',
    close: options.close ?? false,
    list: options.list ?? {},
  })
  if (options.counting) await countRequests(farm)
  shared ??= openBrowser()
  const browser = await shared
  const { page } = await browser.newClient(farm.primary.url)
  await ready(page)
  return {
    farm,
    browser,
    page,
    async close() {
      await browser.closeClients()
      await farm.close()
    },
  }
}

/** One browser for all tests of a file: every farm has ports, so origins, of its own. */
let shared: Promise<TestBrowser> | undefined
afterAll(async () => (await shared)?.close())

/** Waits until a worker that knows the list controls the page. */
async function ready(page: Tab): Promise<void> {
  await controlled(page)
  await page.waitForFunction(() => (window as never as Tagged).outrigger.status.list, { polling: 50, timeout: 20_000 })
}

export interface Tagged {
  outrigger: { status: import('../../src/core/status.ts').Status }
}

export function statusOf(page: Tab) {
  return page.evaluate(() => (window as never as Tagged).outrigger.status)
}
