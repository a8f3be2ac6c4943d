import { test } from 'vitest'
import { chromium } from './engines/chromium.ts'
import { type EngineName, engineNames } from './engines/find.mjs'
import { firefox } from './engines/firefox.ts'
import type { Ability, Engine, Heard, Tab, TestBrowser } from './engines/tab.ts'
import { webkit } from './engines/webkit.ts'

export { openChromium } from './engines/chromium.ts'
export type { Client, Tab, TestBrowser } from './engines/tab.ts'

/** What tests run in: `OUTRIGGER_ENGINE`, default `chromium`. */
export const engineName = (process.env.OUTRIGGER_ENGINE ?? 'chromium') as EngineName
if (!engineNames.includes(engineName)) throw new Error(`OUTRIGGER_ENGINE must be one of ${engineNames.join(', ')}`)

const engine: Engine = { chromium, firefox, webkit }[engineName]

/** Starts the engine of the run with a profile of its own. */
export const openBrowser = (): Promise<TestBrowser> => engine.open()

export const can = (ability: Ability): boolean => !engine.cannot.includes(ability)

/** `test`; where the engine lacks the ability it is skipped, with that in its name. */
export function needing(ability: Ability): (name: string, work: () => Promise<void>) => void {
  return can(ability) ? test : name => test.skip(`${name} (${engineName} cannot ${ability})`, () => {})
}

/** Waits until a worker controls the page. */
export async function controlled(page: Tab): Promise<void> {
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
  page: Tab,
  condition: (...args: T) => unknown,
  ...args: T
): Promise<void> {
  await page.waitForFunction(condition as never, { polling: 50, timeout: 30_000 }, ...(args as unknown[] as never[]))
}

/** Stops every service worker of the browser, as it does itself after 30 idle seconds; the next event starts them anew. */
export const stopAllWorkers = (page: Tab): Promise<void> => engine.stopAllWorkers(page)

/** Loads the page anew past its worker, as Shift and the reload button do. */
export const hardReload = (page: Tab): Promise<void> => engine.hardReload(page)

/** Everything that the page and its workers print, oldest first; nothing where the engine does not tell. */
export const listen = (page: Tab): Heard => engine.listen(page)
