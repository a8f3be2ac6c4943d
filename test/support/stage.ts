import { appendFileSync, mkdirSync } from 'node:fs'
import { controlled, openBrowser, type TestBrowser } from './browser.ts'
import type { Tab } from './engines/tab.ts'
import { createFarm, type Farm, type FaultName, type FaultOptions } from './farm.ts'

/** True when the counts, sizes and times of the issue are wanted, not the short ones. */
export const full = process.env.FULL === '1'

/**
 * Times are measured by the full runs, on a quiet machine. The short ones, on machines that are shared and busy, hold
 * them to this many times as much: what they are for is that nothing fails.
 */
export const slack = full ? 1 : 4

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
  const farm = await createFarm({
    servers: options.servers ?? 4,
    files: 'test/browser/app',
    close: options.close ?? false,
    list: options.list ?? {},
  })
  const browser = await openBrowser()
  const page = await openApp(browser, farm)
  return {
    farm,
    browser,
    page,
    async close() {
      await browser.close()
      await farm.close()
    },
  }
}

/** A tab with the app, controlled by its worker, which knows the list. */
export async function openApp(browser: TestBrowser, farm: Farm): Promise<Tab> {
  const page = await browser.newPage(farm.primary.url)
  await controlled(page)
  await page.waitForFunction(() => (window as never as Tagged).outrigger.status.list, { polling: 50, timeout: 20_000 })
  return page
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

/** Prints a measured figure, and keeps it where the full runs collect theirs. */
export function figure(name: string, values: Record<string, unknown>): void {
  const line = `${name}: ${Object.entries(values)
    .map(([key, value]) => `${key} ${typeof value === 'number' ? Math.round(value * 10) / 10 : value}`)
    .join(', ')}`
  if (!full) return
  console.log(line)
  mkdirSync('node_modules/.cache/outrigger', { recursive: true })
  appendFileSync('node_modules/.cache/outrigger/figures.txt', `${line}\n`)
}
