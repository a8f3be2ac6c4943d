import { readUpTo } from '../src/adapters/read-up-to.ts'
import type { Clock } from '../src/core/ports.ts'

/** Limits of what is kept: files, bytes of all and of one. */
export const KEEP_FILES = 200
export const KEEP_BYTES = 50 * 1024 * 1024
export const KEEP_FILE_BYTES = 5 * 1024 * 1024

/** Why a larger file is not kept. */
export const TOO_LARGE = `it is over ${KEEP_FILE_BYTES / 1024 / 1024} MB`

/** Header of a kept copy: when it was kept (wall time in milliseconds), how many bytes it has. It tells a developer what answered, too. */
export const KEPT = 'x-outrigger-kept'

/** What is known of a kept copy without opening it. */
interface Entry {
  at: number
  bytes: number
  usedAt: number
  /** Tells whether an answer is the same as the kept one; empty: nothing tells. */
  same: string
}

export interface ShellStore {
  /** Keeps a copy under `url`, making room for it. Resolves to why not, if not. Reads the body of `response`. */
  keep(url: string, response: Response, named?: boolean): Promise<string | undefined>
  /** The kept copy of exactly this URL. */
  copy(url: string): Promise<Response | undefined>
  /** The same whatever query it was kept with. */
  copyOfPath(url: string): Promise<Response | undefined>
  /** True if the kept copy is known to be the same as this answer. Counts as a use of it. */
  has(url: string, response: Response): boolean
  /** True if a copy is kept. */
  holds(url: string): Promise<boolean>
  /** Forgets what the browser has deleted under our feet (`Clear-Site-Data`, a full disk). */
  check(): Promise<void>
  drop(keep: (url: string) => boolean): Promise<void>
  /** Keeps nothing from here on: what is under way must not bring a deleted cache back. */
  close(): void
}

/**
 * Copies of the app's own files in Cache Storage, least recently used out first.
 * Throws what Cache Storage throws: full, or not allowed.
 */
export function createShellStore(name: string, caches: CacheStorage, clock: Clock): ShellStore {
  const entries = new Map<string, Entry>()
  const named = new Set<string>()
  let loaded: Promise<void> | undefined
  let closed = false

  const open = () => (closed ? Promise.reject(new Error('switched off')) : caches.open(name))

  const load = () => {
    loaded ??= readEntries()
    return loaded
  }

  async function readEntries() {
    const cache = await open()
    const requests = await cache.keys()
    const found = await Promise.all(requests.map(request => cache.match(request)))
    for (const [index, { url }] of requests.entries()) {
      const response = found[index]
      if (response && !entries.has(url)) entries.set(url, { ...readMark(response.headers), same: sameness(response) })
    }
  }

  async function makeRoom(url: string, bytes: number) {
    const rest = [...entries].filter(([other]) => other !== url)
    let total = bytes + rest.reduce((sum, [, entry]) => sum + entry.bytes, 0)
    let files = rest.length
    const dispensable = rest.filter(([other]) => !named.has(other)).sort(([, a], [, b]) => a.usedAt - b.usedAt)
    for (const [other, entry] of dispensable) {
      if (total <= KEEP_BYTES && files < KEEP_FILES) return
      total -= entry.bytes
      files--
      await remove(other)
    }
  }

  async function remove(url: string) {
    entries.delete(url)
    await (await open()).delete(url)
  }

  return {
    async keep(url, response, isNamed = false) {
      const same = sameness(response)
      await load()
      if (isNamed) named.add(url)
      const kept = entries.get(url)
      if (same && kept?.same === same) return void response.body?.cancel().catch(() => {})
      const { status, statusText } = response
      const headers = new Headers(response.headers)
      const body = await readUpTo(KEEP_FILE_BYTES, response)
      if (!body) return TOO_LARGE
      await makeRoom(url, body.size)
      const at = clock.now()
      headers.set(KEPT, `${at} ${body.size}`)
      // One copy a URL: kept copies are told apart by URL alone.
      headers.delete('vary')
      await (await open()).put(url, new Response(body, { status, statusText, headers }))
      entries.set(url, { at, bytes: body.size, usedAt: at, same })
      return undefined
    },

    async copy(url) {
      const entry = entries.get(url)
      if (entry) entry.usedAt = clock.now()
      return (await open()).match(url)
    },

    async copyOfPath(url) {
      const path = url.replace(/[?#].*$/, '')
      const cache = await open()
      return (await cache.match(path)) ?? cache.match(path, { ignoreSearch: true })
    },

    has(url, response) {
      void load().catch(() => {})
      const entry = entries.get(url)
      if (entry) entry.usedAt = clock.now()
      return !!entry?.same && entry.same === sameness(response)
    },

    async holds(url) {
      await load()
      return entries.has(url)
    },

    async check() {
      if (entries.size > 0 && !(await caches.has(name))) entries.clear()
    },

    close() {
      closed = true
    },

    async drop(keep) {
      await load()
      for (const url of entries.keys()) if (!keep(url)) await remove(url)
    },
  }
}

function readMark(headers: Headers): Omit<Entry, 'same'> {
  const [at = 0, bytes = 0] = (headers.get(KEPT) ?? '').split(' ').map(text => Number(text) || 0)
  return { at, bytes, usedAt: at }
}

function sameness({ headers }: Response): string {
  const version = headers.get('etag') ?? headers.get('last-modified')
  return version ? `${version} ${headers.get('content-length') ?? ''} ${headers.get('content-type') ?? ''}` : ''
}
