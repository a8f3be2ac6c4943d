import type { FailoverError } from '../errors.ts'
import { isTuningName, isTuningValue, policies, type Settings } from '../settings.ts'
import type { Server, ServerList } from '../types.ts'
import { badList } from './bad-list.ts'
import { jsonErrorAt } from './json-position.ts'
import { readServerUrl, readUrl } from './server-url.ts'

/** Longest text of a list, in bytes or characters, whichever is seen first. */
export const maxListBytes = 1_000_000

/** Most servers in one list. */
export const maxServers = 10_000

/** Weights outside are brought to the nearer end: no share of the work can be told beyond. */
const weightRange = [1e-6, 1e6] as const

export interface ListPlace {
  /** The list's name in messages: its URL, or the option it stands in. */
  file: string
  /** What its relative URLs are resolved against. */
  base: string | undefined
  /** True on an `https:` page. */
  secure: boolean
  /** What holds where the list says nothing. */
  missing?: Pick<Settings, 'policy' | 'probe' | 'witnesses' | 'defaults'>
}

export interface ParsedList {
  list: ServerList
  /** What was left out or changed, ready to be shown. */
  warnings: string[]
}

/**
 * Reads a server list from JSON text. XML and signed lists get their own readers, which
 * end in `readList` too.
 *
 * @throws FailoverError with code `bad-list`; nothing else
 */
export function parseList(text: string, place: ListPlace): ParsedList {
  if (text.length > maxListBytes) throw badList(place.file, '', 'is over 1 MB; name fewer servers')
  if (!text.trim()) throw badList(place.file, '', 'is empty; write at least {"servers": [{"url": "https://…/"}]}')
  return readList(fromJson(text.replace(/^\uFEFF/, ''), place.file), place)
}

function fromJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const page = text.trimStart().startsWith('<') ? ' (it looks like a web page: is this the right path?)' : ''
    throw badList(file, jsonErrorAt(text), `is not JSON${page}; mend it there`)
  }
}

/**
 * Reads a list that is already data: an object as in `servers.json`, or an array of its servers.
 *
 * @throws FailoverError with code `bad-list`; nothing else
 */
export function readList(data: unknown, place: ListPlace): ParsedList {
  const { missing = {} } = place
  const fields = isRecord(data) ? data : Array.isArray(data) ? { servers: data } : undefined
  if (!fields) throw badList(place.file, '', 'must be an object with "servers", or an array of server URLs')
  const warnings: string[] = []
  const reader: Reader = {
    place,
    warn: (where, what) => warnings.push(`Server list ${place.file} at ${where}: ${what}`),
    fail: (where, what) => badList(place.file, where, what),
  }
  const servers = readServers(fields.servers, reader)
  warnOfUnknown(fields, listFields, '', reader)
  const optional = <T>(name: string, value: T | undefined) => (value === undefined ? {} : { [name]: value })
  const list: ServerList = {
    ...optional('version', readWhole(fields.version, 'version', reader)),
    ...optional('issuedAt', readMoment(fields.issued, 'issued', reader)),
    ...optional('expiresAt', readMoment(fields.expires, 'expires', reader)),
    servers,
    sources: readUrls(fields.sources, 'sources', reader),
    ...optional('probe', readProbe(fields.probe ?? missing.probe, reader)),
    witnesses: readUrls(fields.witnesses ?? missing.witnesses, 'witnesses', reader),
    policy: oneOf(policies, fields.policy, 'policy', reader) ?? missing.policy ?? 'primary',
    defaults: { ...missing.defaults, ...readDefaults(fields.defaults, reader) },
  }
  return { list, warnings }
}

/** Text that `parseList` reads as the same list. */
export function serializeList({ issuedAt, expiresAt, ...list }: ServerList): string {
  const moment = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())
  return JSON.stringify({ ...list, issued: moment(issuedAt), expires: moment(expiresAt) })
}

interface Reader {
  place: ListPlace
  warn(where: string, what: string): void
  fail(where: string, what: string): FailoverError
}

type Fields = Record<string, unknown>

const listFields = 'version issued expires servers sources probe witnesses policy defaults'.split(' ')
const serverFields = 'url weight tier zone transport credentials writes'.split(' ')

function readServers(value: unknown, reader: Reader): Server[] {
  if (!Array.isArray(value)) throw reader.fail('servers', 'must be an array of servers')
  if (!value.length) throw reader.fail('servers', 'names no server; write at least one')
  if (value.length > maxServers) throw reader.fail('servers', `names ${value.length} servers; at most 10,000 are read`)
  const seen = new Map<string, number>()
  return value.map((entry, i) => {
    const where = `servers[${i}]`
    const server = readServer(entry, where, reader)
    const before = seen.get(server.url)
    if (before !== undefined) throw reader.fail(where, `is ${server.url}, as servers[${before}] is; name it once`)
    seen.set(server.url, i)
    return server
  })
}

function readServer(entry: unknown, where: string, reader: Reader): Server {
  const fields: Fields | undefined = typeof entry === 'string' ? { url: entry } : isRecord(entry) ? entry : undefined
  if (!fields) throw reader.fail(where, 'must be a URL, or an object with "url"')
  const found = readServerUrl(fields.url, reader.place.secure)
  if ('wrong' in found) throw reader.fail(`${where}.url`, `${found.wrong}; it is ${show(fields.url)}`)
  warnOfUnknown(fields, serverFields, `${where}.`, reader)
  const { zone, writes = true } = fields
  if (zone !== undefined && typeof zone !== 'string') throw reader.fail(`${where}.zone`, 'must be a text')
  if (typeof writes !== 'boolean') throw reader.fail(`${where}.writes`, 'must be true or false')
  return {
    url: found.url,
    weight: readWeight(fields.weight, `${where}.weight`, reader),
    tier: readWhole(fields.tier, `${where}.tier`, reader) ?? 0,
    ...(zone !== undefined && { zone }),
    transport: oneOf(['auto', 'cors', 'bridge', 'script'], fields.transport, `${where}.transport`, reader) ?? 'auto',
    credentials: oneOf(['omit', 'headers', 'include'], fields.credentials, `${where}.credentials`, reader) ?? 'omit',
    writes,
  }
}

function readWeight(value: unknown, where: string, reader: Reader): number {
  if (value === undefined) return 1
  if (typeof value !== 'number' || !(value > 0)) {
    throw reader.fail(
      where,
      `must be a number above 0; it is ${show(value)}. To use a server last, give it a higher "tier"`,
    )
  }
  const [least, most] = weightRange
  const weight = Math.min(most, Math.max(least, value))
  if (weight !== value) reader.warn(where, `${value} was brought to ${weight}`)
  return weight
}

function readWhole(value: unknown, where: string, reader: Reader): number | undefined {
  if (value === undefined) return undefined
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number
  throw reader.fail(where, `must be a whole number from 0; it is ${show(value)}`)
}

function readMoment(value: unknown, where: string, reader: Reader): number | undefined {
  if (value === undefined) return undefined
  const at = typeof value === 'string' && /^\d{4}-\d\d-\d\d(T|$)/.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isNaN(at)) throw reader.fail(where, `must be a moment like "2026-11-20T12:00:00Z"; it is ${show(value)}`)
  return at
}

function readUrls(value: unknown, where: string, { place, fail }: Reader): string[] {
  if (value === undefined) return []
  if (!Array.isArray(value)) throw fail(where, 'must be an array of URLs')
  return value.map((item, i) => {
    const found = readUrl(item, place.base, place.secure)
    if ('wrong' in found) throw fail(`${where}[${i}]`, `${found.wrong}; it is ${show(item)}`)
    return found.url.href
  })
}

/** A path stays as it is: it is asked below each server. */
function readProbe(value: unknown, { place, fail }: Reader): string | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'string' && value.startsWith('/') && !value.startsWith('//')) return value
  const found = readUrl(value, undefined, place.secure)
  if ('wrong' in found) throw fail('probe', `must be a path like /healthz, or a URL; it is ${show(value)}`)
  return found.url.href
}

function readDefaults(value: unknown, reader: Reader): ServerList['defaults'] {
  if (value === undefined) return {}
  if (!isRecord(value)) throw reader.fail('defaults', 'must be an object of numbers')
  const kept: ServerList['defaults'] = {}
  for (const [name, number] of Object.entries(value)) {
    if (!isTuningName(name)) reader.warn(`defaults.${name}`, 'is unknown and was left out')
    else if (isTuningValue(name, number)) kept[name] = number
    else throw reader.fail(`defaults.${name}`, `must be a number above 0; it is ${show(number)}`)
  }
  return kept
}

function oneOf<T extends string>(words: readonly T[], value: unknown, where: string, reader: Reader): T | undefined {
  if (value === undefined || words.includes(value as T)) return value as T | undefined
  throw reader.fail(where, `must be one of ${words.join(', ')}; it is ${show(value)}`)
}

function warnOfUnknown(fields: Fields, known: string[], path: string, reader: Reader): void {
  for (const name of Object.keys(fields)) {
    if (!known.includes(name)) reader.warn(path + name, 'is unknown and was left out')
  }
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value)).slice(0, 80)
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
