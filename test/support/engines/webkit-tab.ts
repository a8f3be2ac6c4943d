import type { Client, GoOptions, Tab } from './tab.ts'
import type { Session } from './webdriver.ts'
import { call, type Outcome } from './webkit-calls.ts'

/** Left in a document that is about to be left, to know the next one by. */
const mark = `() => { window[Symbol.for('left by a test')] = true }`
const look = `() => [!!window[Symbol.for('left by a test')], document.readyState]`

const pause = (ms: number) => new Promise(go => setTimeout(go, ms))

/** A tab as Puppeteer's `Page` is one, as far as tests go, over WebDriver. */
export function webkitTab(session: Session, handle: string, client: Client): Tab {
  let timeoutMs = 30_000
  let url = 'about:blank'
  let closed = false

  async function ask(work: string, args: unknown[] = []): Promise<Outcome> {
    const outcome = await call(session, handle, work, args)
    if (outcome.url) url = outcome.url
    return outcome
  }

  async function evaluate(work: unknown, ...args: unknown[]): Promise<unknown> {
    const outcome = await ask(sourceOf(work), args)
    if (outcome.gone) throw new Error(`the page went away in the meantime ${outcome.error ?? ''}`)
    if (outcome.error !== undefined) throw new Error(outcome.error)
    return outcome.value
  }

  /** Does `go`, then waits for another document. WebKit tells nobody that a page did not load: it shows about:blank. */
  async function arrive(what: string, go: () => Promise<unknown>, options: GoOptions = {}): Promise<void> {
    const { waitUntil = 'load', timeout = timeoutMs } = options
    const end = Date.now() + timeout
    await ask(mark)
    await go()
    for (;;) {
      const { value } = await ask(look)
      const [left, state] = (value as [boolean, string] | undefined) ?? [true]
      if (!left && (state === 'complete' || (state === 'interactive' && waitUntil === 'domcontentloaded'))) break
      if (Date.now() > end) throw new Error(`${what} took over ${timeout} ms`)
      await pause(20)
    }
    if (url === 'about:blank') throw new Error(`${what} failed`)
  }

  async function waitForFunction(work: unknown, options: WaitOptions = {}, ...args: unknown[]): Promise<void> {
    const { timeout = timeoutMs, polling } = options
    const end = timeout ? Date.now() + timeout : Number.POSITIVE_INFINITY
    const loop = waiting(sourceOf(work), typeof polling === 'number' ? polling : 16)
    for (;;) {
      const { gone, error, value } = await ask(loop, [Math.min(end - Date.now(), 1e9), args])
      if (value) return
      if (!gone && error !== undefined) throw new Error(error)
      if (Date.now() >= end) throw new Error(`Waiting failed: ${timeout}ms exceeded`)
      await pause(20)
    }
  }

  const tab = {
    evaluate,
    waitForFunction,
    goto: (to: string, options?: GoOptions) =>
      arrive(`loading ${to}`, () => session.at(handle, send => send('POST', '/url', { url: to })), options),
    reload: (options?: GoOptions) =>
      arrive(`reloading ${url}`, () => session.at(handle, send => send('POST', '/refresh', {})), options),
    url: () => url,
    setDefaultTimeout(ms: number) {
      timeoutMs = ms
    },
    isClosed: () => closed,
    async close() {
      closed = true
      await session.at(handle, send => send('DELETE', '/window'))
    },
    browserContext: () => client,
  }
  return tab as unknown as Tab
}

interface WaitOptions {
  timeout?: number
  polling?: number | 'raf' | 'mutation'
}

const sourceOf = (work: unknown) => (typeof work === 'string' ? `() => (${work})` : String(work))

const waiting = (work: string, everyMs: number) => `async (forMs, args) => {
  const end = performance.now() + forMs
  for (;;) {
    if (await (${work})(...args)) return true
    if (performance.now() > end) return false
    await new Promise(go => setTimeout(go, ${everyMs}))
  }
}`
