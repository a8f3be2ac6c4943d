import type { Clock, Store } from '../../../src/core/ports.ts'

export interface HandClock extends Clock {
  /** Moves on, running what falls due in order. */
  pass(ms: number): Promise<void>
}

export function createClock(start = 1_000_000): HandClock {
  let now = start
  let timers: { at: number; then: () => void }[] = []
  const rest = () => new Promise<void>(resolve => setImmediate(resolve))
  return {
    now: () => now,
    after(ms, then) {
      const timer = { at: now + Math.max(0, ms), then }
      timers.push(timer)
      return () => {
        timers = timers.filter(other => other !== timer)
      }
    },
    async pass(ms) {
      const end = now + ms
      await rest()
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0]
        if (!next) break
        now = next.at
        timers = timers.filter(other => other !== next)
        next.then()
        await rest()
      }
      now = end
      await rest()
    },
  }
}

/** Cache Storage as far as the shell uses it: exact URLs, or any query. */
export function createCaches(origin = 'https://a.example') {
  const all = new Map<string, Map<string, Response>>()
  const counts = { puts: 0 }
  let full = false
  const open = async (name: string) => {
    const kept = all.get(name) ?? new Map<string, Response>()
    all.set(name, kept)
    const urlOf = (request: Request | string) =>
      typeof request === 'string' ? new URL(request, origin).href : request.url
    return {
      async match(request: Request | string, { ignoreSearch = false } = {}) {
        const url = urlOf(request)
        if (!ignoreSearch) return kept.get(url)?.clone()
        for (const [key, response] of kept) if (key.split('?')[0] === url.split('?')[0]) return response.clone()
        return undefined
      },
      async put(request: Request | string, response: Response) {
        if (full) throw new DOMException('Quota exceeded.', 'QuotaExceededError')
        counts.puts += 1
        kept.set(urlOf(request), response)
      },
      keys: async () => [...kept.keys()].map(url => ({ url })),
      delete: async (request: Request | string) => kept.delete(urlOf(request)),
    }
  }
  return {
    caches: {
      open,
      has: async (name: string) => all.has(name),
      delete: async (name: string) => all.delete(name),
    } as unknown as CacheStorage,
    counts,
    urls: () => [...all.values()].flatMap(kept => [...kept.keys()]),
    clear: () => all.clear(),
    fill: () => {
      full = true
    },
  }
}

export function createMemoryStore(saved?: unknown): Store & { saves: unknown[] } {
  const saves: unknown[] = []
  return { saves, load: async () => saved, save: state => void saves.push(state) }
}

/** A request as a worker sees it; Node cannot make navigations. */
export function request(url: string, fields: Record<string, unknown> = {}): Request {
  const navigates = fields.mode === 'navigate'
  return {
    url,
    method: 'GET',
    mode: 'no-cors',
    destination: navigates ? 'document' : '',
    cache: 'default',
    keepalive: false,
    referrer: '',
    referrerPolicy: '',
    ...fields,
    headers: new Headers(fields.headers as HeadersInit),
  } as unknown as Request
}

export interface FakeEvent extends FetchEvent {
  /** Resolves when all that the event waits for is done. */
  done(): Promise<unknown>
}

export function event(
  of: Request,
  preloadResponse: Promise<Response | undefined> = Promise.resolve(undefined),
): FakeEvent {
  const work: Promise<unknown>[] = []
  return {
    request: of,
    clientId: 'one',
    preloadResponse,
    waitUntil: (promise: Promise<unknown>) => void work.push(promise),
    async done() {
      for (let seen = -1; seen !== work.length; ) {
        seen = work.length
        await Promise.all(work)
      }
    },
  } as unknown as FakeEvent
}
