import type { Tab } from './engines/tab.ts'

/** One request as the page saw it. */
export interface Reading {
  n: number
  /** Wall time of its start. */
  at: number
  ms: number
  status?: number
  /** Index of the server that answered. */
  server?: number
  /** The body is what this request asked for, whole. */
  right: boolean
  error?: string
}

export interface LoadOptions {
  count: number
  /** Between the starts; 0: one after the other. */
  everyMs: number
  /** Bytes of the answer; every tenth, from the sixth on, is 250 kB. */
  size?: number
  /** Milliseconds that a healthy server takes. */
  serverMs?: number
  /** Every third answer declares no length, and the large ones are too large to be held. Default false. */
  mixed?: boolean
}

declare global {
  interface Window {
    load: { readings: Reading[]; started: number; done: boolean }
    read: (n: number, query?: string) => Promise<Reading>
  }
}

/** Starts reading inside the page; follow it with `progress` and take the end with `readings`. */
export async function startLoad(page: Tab, options: LoadOptions): Promise<void> {
  await page.evaluate(
    ({ count, everyMs, size = 200, serverMs = 0, mixed = false }) => {
      const load = { readings: [] as Reading[], started: 0, done: false }
      window.load = load
      window.read = async (n, query = '') => {
        const at = Date.now()
        const start = performance.now()
        const reading: Reading = { n, at, ms: 0, right: false }
        try {
          const response = await fetch(`/api/echo/${n}?${query}`)
          reading.status = response.status
          const text = await response.text()
          const body = JSON.parse(text) as { n?: string; server?: number }
          const wanted = Number(new URLSearchParams(query).get('size') ?? 0)
          reading.right = body.n === String(n) && text.length >= wanted
          reading.server = body.server
        } catch (error) {
          reading.error = String(error)
        }
        reading.ms = performance.now() - start
        load.readings.push(reading)
        return reading
      }
      const large = mixed ? 300_000 : 250_000
      const query = (n: number) =>
        `size=${n % 10 === 5 ? large : size}&ms=${serverMs}${mixed && n % 3 === 0 ? '&chunked=1' : ''}`
      void (async () => {
        const begun = performance.now()
        const running: Promise<unknown>[] = []
        for (let n = 0; n < count; n++) {
          load.started = n + 1
          const reading = window.read(n, query(n))
          running.push(reading)
          if (everyMs === 0) await reading
          // Timers drift on a busy machine; the rate is kept by the clock.
          else while (performance.now() < begun + (n + 1) * everyMs) await new Promise(go => setTimeout(go, 1))
        }
        await Promise.all(running)
        load.done = true
      })()
    },
    options as Required<LoadOptions>,
  )
}

/** Resolves when `count` reads were started. */
export async function started(page: Tab, count: number): Promise<void> {
  await page.waitForFunction(count => window.load.started >= count, { polling: 10, timeout: 120_000 }, count)
}

/** Everything read, once all is over. */
export async function readings(page: Tab): Promise<Reading[]> {
  await page.waitForFunction(() => window.load.done, { polling: 50, timeout: 180_000 })
  return page.evaluate(() => window.load.readings)
}

export function failed(all: readonly Reading[]): Reading[] {
  return all.filter(reading => !reading.right || reading.status !== 200)
}

export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
