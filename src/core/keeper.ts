import { mustBe } from './check.ts'
import { numberIn } from './health/record.ts'
import { badList } from './list/bad-list.ts'
import { type ListPlace, type ParsedList, parseList, readList } from './list/parse.ts'
import { isAllowed } from './list/server-url.ts'
import type { Clock, Random } from './ports.ts'
import { optionError, type Settings } from './settings.ts'
import type { Status } from './status.ts'
import type { ServerList } from './types.ts'

/** A fresh list is fetched when the one in use is older than this, times 1–1.5 at random. */
export const listAgeMs = 3_600_000

/** First wait after a failed fetch; doubled each time up to `listAgeMs`, times 1–1.5 at random. */
const retryMs = 5_000

export interface KeeperOptions extends Pick<Settings, 'allow' | 'policy' | 'probe' | 'witnesses' | 'defaults'> {
  /** URL of the list, or the servers themselves. */
  servers: NonNullable<Settings['servers']>
  /** What relative URLs are resolved against: the page, or the worker's scope. May be missing outside browsers. */
  base?: string
  /** Our own origin: a list from there may name any server. */
  own: string
  /** True on an `https:` page. */
  secure: boolean
}

export interface KeeperPorts {
  clock: Pick<Clock, 'now'>
  random: Random
  /** Fetches one list; rejects with a few words why there was no answer. */
  fetchText(url: string): Promise<{ text: string; status: number; url: string }>
  /** A list came into use. */
  use(list: ServerList): void
  /** Shows a problem; `undefined` takes all of that code away. */
  problem(code: string, message: string | undefined): void
  /** Keeps what `restore` gets in the next life. */
  save?(saved: SavedList): void
  /** Hears of every answer to a question of ours: it proves the network. */
  heard?(url: string, sentAt: number, status: number): void
}

/** What is kept of a list: plain data. */
export interface SavedList {
  text: string
  /** Where it came from. */
  source: string
  /** When it was fetched; wall time in milliseconds. */
  at: number
}

/** A list that was read. */
type Known = SavedList & ParsedList

/** The last-known list of one client. */
export interface Keeper {
  current(): ServerList | undefined
  /** What `status.list` shows. */
  status(): Status['list']
  /** Takes up the list of an earlier life, unless a fresher one is there already; anything unreadable is left out. */
  restore(saved: unknown): void
  /** Fetches a fresh list; asked again while it does, it gives the same promise, which never rejects. */
  refresh(): Promise<void>
  /** The same, if the list in use is old enough. Cheap: ask at every event. */
  refreshIfOld(): void
}

/**
 * Keeps the list that is in use: fetched from its own URL, else from the sources it names,
 * in turn; a list that cannot be used is told of, and the last good one stays.
 *
 * @throws FailoverError for inline servers or a list URL that cannot be used
 */
export function createKeeper(options: KeeperOptions, ports: KeeperPorts): Keeper {
  const { servers, base, own, secure, allow = [] } = options
  const inline = typeof servers === 'string' ? undefined : servers
  const home = inline ? undefined : homeUrl(servers as string, base)
  let inUse: Known | undefined
  let fetching: Promise<void> | undefined
  let dueAt = Number.POSITIVE_INFINITY
  let failures = 0

  if (inline)
    take({ text: '', source: 'inline', at: ports.clock.now(), ...readList(inline, placeOf('option "servers"')) })

  return {
    current: () => inUse?.list,
    status: () =>
      inUse && { source: inUse.source, version: inUse.list.version, at: inUse.at, servers: inUse.list.servers.length },
    restore(saved) {
      if (inUse || inline) return
      try {
        const { text, source, at } = saved as SavedList
        take(read({ text, source, at: Math.min(numberIn(at), ports.clock.now()) }))
        dueAt = inUse!.at + spread(listAgeMs)
      } catch {
        // An older rule let it in, or it was damaged: the fresh one will tell.
      }
    },
    refresh,
    refreshIfOld() {
      if (!inline && ports.clock.now() >= dueAt) void refresh()
    },
  }

  function refresh(): Promise<void> {
    if (!home) return Promise.resolve()
    fetching ??= fetchAll(home).finally(() => {
      fetching = undefined
    })
    return fetching
  }

  /** The list's own URL first; a source is asked only while that one gives nothing to use. */
  async function fetchAll(first: string): Promise<void> {
    const complaints: string[] = []
    let waitMs = Math.min(listAgeMs, retryMs * 2 ** failures++)
    for (const url of new Set([first, ...(inUse?.list.sources ?? [])])) {
      try {
        const found = await fetchOne(url)
        if (isBetter(found)) {
          take(found)
          ports.save?.({ text: found.text, source: found.source, at: found.at })
        }
        failures = 0
        waitMs = listAgeMs
        break
      } catch (error) {
        complaints.push((error as Error).message)
      }
    }
    dueAt = ports.clock.now() + spread(waitMs)
    const instead = inUse ? `The list from ${inUse.source} is in use` : 'Until then no other server is asked'
    tell('list', ...complaints.map(complaint => `${complaint}. ${instead}.`))
  }

  /** Shows these problems instead of the last ones of that code. */
  function tell(code: string, ...messages: (string | undefined)[]): void {
    for (const message of [undefined, ...messages]) ports.problem(code, message)
  }

  async function fetchOne(url: string): Promise<Known> {
    const at = ports.clock.now()
    const {
      text,
      status,
      url: source,
    } = await ports.fetchText(url).catch(error => {
      throw badList(url, '', (error as Error).message)
    })
    ports.heard?.(source, at, status)
    if (status !== 200) throw badList(url, '', `answered ${status}; put the file there or name its URL`)
    return read({ text, source, at })
  }

  function read({ text, source, at }: SavedList): Known {
    const known = { text, source, at, ...parseList(text, placeOf(source)) }
    if (!isOwn(source)) {
      known.list.servers.forEach(({ url }, i) => {
        if (isOwn(url) || isAllowed(url, allow)) return
        throw badList(source, `servers[${i}]`, mustBe('of your own origin, or fit "allow"', url))
      })
    }
    return known
  }

  function isOwn(url: string): boolean {
    return new URL(url).origin === own
  }

  /** Our own origin's word counts, unless another's list is newer by its version. */
  function isBetter({ source, list }: Known): boolean {
    if (!inUse) return true
    return isOwn(inUse.source) ? isOwn(source) || isNewer(list, inUse.list) : !isNewer(inUse.list, list)
  }

  function take(known: Known): void {
    const { list, source, warnings } = known
    const expired = list.expiresAt! <= ports.clock.now()
    inUse = known
    ports.use(list)
    tell(
      'list-warning',
      ...warnings,
      ...(expired ? [badList(source, '', 'has expired, publish a newer one').message] : []),
    )
  }

  function placeOf(file: string): ListPlace {
    const { policy, probe, witnesses, defaults } = options
    return { file, base: inline ? base : file, secure, missing: { policy, probe, witnesses, defaults } }
  }

  function spread(ms: number): number {
    return ms * (1 + ports.random() / 2)
  }
}

function isNewer(a: ServerList, b: ServerList): boolean {
  // False where one of them has none.
  return a.version! > b.version!
}

function homeUrl(servers: string, base: string | undefined): string {
  if (URL.canParse(servers, base)) return new URL(servers, base).href
  throw optionError('servers', 'the URL of a server list', servers)
}
