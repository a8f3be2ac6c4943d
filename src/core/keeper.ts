import { FailoverError } from './errors.ts'
import { badList } from './list/bad-list.ts'
import { type ListPlace, type ParsedList, parseList, readList } from './list/parse.ts'
import { isAllowed } from './list/server-url.ts'
import type { Clock, Random } from './ports.ts'
import type { Settings } from './settings.ts'
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
  let inUse: (SavedList & ParsedList) | undefined
  let fetching: Promise<void> | undefined
  let dueAt = 0
  let failures = 0

  if (inline) take({ text: '', source: 'inline', at: ports.clock.now() }, readList(inline, placeOf('option "servers"')))

  return {
    current: () => inUse?.list,
    status() {
      if (!inUse) return undefined
      const { version, servers } = inUse.list
      return { source: inUse.source, ...(version !== undefined && { version }), at: inUse.at, servers: servers.length }
    },
    restore(saved) {
      if (inUse || inline || !isSaved(saved)) return
      try {
        take(saved, check(saved.text, saved.source))
        dueAt = Math.min(saved.at, ports.clock.now()) + spread(listAgeMs)
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
    for (const url of new Set([first, ...(inUse?.list.sources ?? [])])) {
      try {
        const { saved, parsed } = await fetchOne(url)
        if (isBetter(saved.source, parsed.list)) {
          take(saved, parsed)
          ports.save?.(saved)
        }
        failures = 0
        dueAt = ports.clock.now() + spread(listAgeMs)
        return complain(complaints)
      } catch (error) {
        complaints.push(error instanceof Error ? error.message : String(error))
      }
    }
    dueAt = ports.clock.now() + spread(Math.min(listAgeMs, retryMs * 2 ** failures++))
    complain(complaints)
  }

  function complain(complaints: string[]): void {
    ports.problem('list', undefined)
    const instead = inUse ? `The list from ${inUse.source} is in use` : 'Until there is one, no other server is asked'
    for (const complaint of complaints) ports.problem('list', `${complaint}. ${instead}.`)
  }

  async function fetchOne(url: string): Promise<{ saved: SavedList; parsed: ParsedList }> {
    const at = ports.clock.now()
    const answer = await ports.fetchText(url).catch(error => {
      throw badList(url, '', error instanceof Error ? error.message : String(error))
    })
    ports.heard?.(answer.url, at, answer.status)
    if (answer.status !== 200) throw badList(url, '', `answered ${answer.status}; put the file there or name its URL`)
    return { saved: { text: answer.text, source: answer.url, at }, parsed: check(answer.text, answer.url) }
  }

  function check(text: string, source: string): ParsedList {
    const parsed = parseList(text, placeOf(source))
    if (new URL(source).origin === own) return parsed
    const i = parsed.list.servers.findIndex(({ url }) => new URL(url).origin !== own && !isAllowed(url, allow))
    if (i < 0) return parsed
    const { origin } = new URL(parsed.list.servers[i]!.url)
    throw badList(source, `servers[${i}]`, `is from elsewhere and names ${origin}; to let it, add that to "allow"`)
  }

  /** Our own origin's word counts, unless another's list is newer by its version. */
  function isBetter(source: string, list: ServerList): boolean {
    if (!inUse) return true
    const isOwn = source.startsWith(`${own}/`)
    const wasOwn = inUse.source.startsWith(`${own}/`)
    if (wasOwn) return isOwn || isNewer(list, inUse.list)
    return !isNewer(inUse.list, list)
  }

  function take(saved: SavedList, parsed: ParsedList): void {
    inUse = { ...saved, ...parsed }
    ports.use(parsed.list)
    ports.problem('list-warning', undefined)
    for (const warning of parsed.warnings) ports.problem('list-warning', warning)
    const { expiresAt } = parsed.list
    if (expiresAt === undefined || expiresAt > ports.clock.now()) return
    ports.problem('list-warning', `Server list ${saved.source}: it has expired; publish a newer one`)
  }

  function placeOf(file: string): ListPlace {
    const { policy, probe, witnesses, defaults } = options
    const origin = inline ? base : file
    return { file, base: origin, secure, missing: { policy, probe, witnesses, defaults } }
  }

  function spread(ms: number): number {
    return ms * (1 + ports.random() / 2)
  }
}

function isNewer(a: ServerList, b: ServerList): boolean {
  return a.version !== undefined && b.version !== undefined && a.version > b.version
}

function homeUrl(servers: string, base: string | undefined): string {
  if (URL.canParse(servers, base)) return new URL(servers, base).href
  const message = `Outrigger: option "servers" must be the URL of a server list, but it is "${servers}"`
  throw new FailoverError({ code: 'bad-option', message, tries: [] })
}

function isSaved(value: unknown): value is SavedList {
  const { text, source, at } = (value ?? {}) as Partial<SavedList>
  return typeof text === 'string' && typeof at === 'number' && typeof source === 'string' && URL.canParse(source)
}
