import { afterAll } from 'vitest'
import { controlled, openBrowser, type TestBrowser } from './browser.ts'
import type { Tab } from './engines/tab.ts'
import type { Farm, FaultName, FaultOptions } from './farm.ts'
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
}

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  const farm = await createKeptFarm({
    servers: options.servers ?? 4,
    files: 'test/browser/app',
    close: options.close ?? false,
    list: options.list ?? {},
  })
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

/** Faults by the names of the issue. */
export const faults: Record<string, [FaultName, FaultOptions?]> = {
  killed: ['kill'],
  hangs: ['hang'],
  'full backlog': ['black-hole'],
  '503': ['503'],
  '503 with Retry-After': ['503-retry-after'],
  resets: ['reset'],
  stalls: ['stall'],
  'slow 8 s': ['slow', { ms: 8_000 }],
  'hangs behind a green health page': ['api-hang'],
}
