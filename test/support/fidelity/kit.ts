/** Plain data: what a page could tell of a request. */
export type Seen = unknown

/** What a case gets inside the page. */
export interface Kit {
  engine: string
  /** The long versions are wanted. */
  full: boolean
  /** How late in ms something may be that comes at once. */
  promptMs: number
  /** `/api/f/NAME?…` of the page's own origin; an array gives its name many times. */
  url(name: string, params?: Record<string, string | number | string[]>): string
  /** A word for `id`, by which servers are asked what arrived. */
  id(): string
  /** Everything that a response shows before its body is read. */
  looks(response: Response): Record<string, unknown>
  /** `fetch`, read to its end: looks, and length, hash and beginning of the body; or the name of the error. */
  ask(input: RequestInfo | URL, init?: RequestInit): Promise<Record<string, unknown>>
  /** The name of the error that a promise rejects with, or what it resolves to. */
  outcome(promise: Promise<unknown> | (() => unknown)): Promise<unknown>
  /** Length, hash and beginning of a body. */
  digest(body: BufferSource | Blob | string): Promise<{ bytes: number; hash: string; text: string }>
  /** What arrived under this id, at all servers that live. */
  arrivals(id: string): Promise<import('./arrivals.ts').Arrival[]>
  /** Waits until all connections of this id have closed early, for 3 s at most; then whether they have, once there are any. */
  closed(id: string): Promise<boolean>
  /** Waits until something has arrived under this id, for 3 s at most. */
  arrived(id: string): Promise<boolean>
  wait(ms: number): Promise<void>
}

/** Makes the kit; its source is what runs, in the page, so it uses nothing from outside. */
export function createKit({ servers, run, ...given }: KitSetup): Kit {
  let ids = 0
  const wait = (ms: number) => new Promise<void>(go => setTimeout(go, ms))
  const hex = (bytes: ArrayBuffer) => Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, '0'))

  /** The server's clock, what comes between two servers and their pages, and what CORS needs. */
  const noise = /^(date|connection|keep-alive|transfer-encoding|vary|access-control-.*)$/

  async function digest(body: BufferSource | Blob | string) {
    const bytes = await new Blob([body as BlobPart]).arrayBuffer()
    const hash = hex(await crypto.subtle.digest('SHA-256', bytes))
      .slice(0, 8)
      .join('')
    return { bytes: bytes.byteLength, hash, text: new TextDecoder().decode(bytes.slice(0, 500)) }
  }

  const nameOf = (error: unknown) => {
    const { name } = error as Error
    return { error: name ?? String(error), made: (error as Error)?.constructor?.name ?? typeof error }
  }

  async function outcome(promise: Promise<unknown> | (() => unknown)) {
    try {
      return await (typeof promise === 'function' ? promise() : promise)
    } catch (error) {
      return nameOf(error)
    }
  }

  function looks(response: Response) {
    const { status, statusText, ok, type, url, redirected, bodyUsed } = response
    const headers = Object.fromEntries([...response.headers].filter(([name]) => !noise.test(name)))
    return { status, statusText, ok, type, url, redirected, bodyUsed, body: response.body !== null, headers }
  }

  async function arrivals(id: string) {
    const answers = servers.map(async server => {
      const response = await fetch(`${server}/fidelity/arrivals?id=${id}`, { cache: 'no-store', mode: 'cors' })
      return response.json()
    })
    return (await Promise.all(answers.map(answer => answer.catch(() => [])))).flat()
  }

  async function until(condition: () => Promise<boolean>) {
    const end = performance.now() + 3_000
    while (performance.now() < end) {
      if (await condition()) return true
      await wait(20)
    }
    return false
  }

  return {
    ...given,
    url(name, params = {}) {
      const query = new URLSearchParams()
      for (const [key, value] of Object.entries(params))
        for (const one of [value].flat()) query.append(key, String(one))
      return `/api/f/${name}${query.size ? `?${query}` : ''}`
    },
    id() {
      ids += 1
      return `id-${run}-${ids}`
    },
    looks,
    outcome,
    digest,
    arrivals,
    wait,
    closed: id =>
      until(async () =>
        ((all: { closed: boolean }[]) => all.length > 0 && all.every(({ closed }) => closed))(await arrivals(id)),
      ),
    arrived: id => until(async () => (await arrivals(id)).length > 0),
    async ask(input, init) {
      let response: Response
      try {
        response = await fetch(input, init)
      } catch (error) {
        return { fetch: nameOf(error) }
      }
      const seen = looks(response)
      const read = await outcome(async () => digest(await response.arrayBuffer()))
      return { ...seen, read }
    },
  }
}

export interface KitSetup {
  /** Origins of the servers that live. */
  servers: string[]
  /** Makes the ids of this run of a case different from all others. */
  run: string
  engine: string
  full: boolean
  promptMs: number
}
