import { findFirefox } from './find.mjs'
import { listen, openByPuppeteer, pageOf } from './puppeteer.ts'
import type { Engine, Tab } from './tab.ts'

/** It talks to nobody but the pages it is given, and the tabs of one test all keep their timers, as in Chromium. */
const extraPrefsFirefox = {
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'dom.min_background_timeout_value': 4,
  'dom.min_background_timeout_value_without_budget_throttling': 4,
  'dom.timeout.enable_budget_timer_throttling': false,
}

export const firefox: Engine = {
  // The flag lets a test reach Firefox's own inside, which alone can stop a worker.
  open: () =>
    openByPuppeteer({
      browser: 'firefox',
      executablePath: findFirefox(),
      args: ['--remote-allow-system-access'],
      extraPrefsFirefox,
    }),
  cannot: [],
  stopAllWorkers,
  hardReload,
  listen,
}

/** Runs inside Firefox itself. */
const stopThem = `(async () => {
  const manager = Cc['@mozilla.org/serviceworkers/manager;1'].getService(Ci.nsIServiceWorkerManager)
  const all = manager.getAllRegistrations()
  for (let i = 0; i < all.length; i++)
    await all.queryElementAt(i, Ci.nsIServiceWorkerRegistrationInfo).activeWorker?.terminateWorker()
  return all.length
})()`

/** What Puppeteer does not show of its connection. */
interface Bidi {
  connection: { send<T>(method: string, params: object): Promise<{ result: T }> }
}

async function stopAllWorkers(tab: Tab): Promise<void> {
  const { connection } = pageOf(tab).browser() as unknown as Bidi
  const inside = { 'moz:scope': 'chrome' }
  const tree = await connection.send<{ contexts: { context: string }[] }>('browsingContext.getTree', inside)
  const target = { context: tree.result.contexts[0]!.context }
  const run = { expression: stopThem, target, awaitPromise: true }
  const { result } = await connection.send<{ result?: { value: number } }>('script.evaluate', run)
  if (!result.result?.value) throw new Error(`no worker was stopped: ${JSON.stringify(result)}`)
}

async function hardReload(tab: Tab): Promise<void> {
  const loaded = pageOf(tab).waitForNavigation()
  // Only Firefox still knows the argument.
  await tab.evaluate('void location.reload(true)')
  await loaded
}
