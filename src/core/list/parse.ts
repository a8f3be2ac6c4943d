import type { FailoverError } from '../errors.ts'
import { defaults as tuningDefaults } from '../options.ts'
import { isTuningValue, policies, type Settings } from '../settings.ts'
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
  const { file, base, secure, missing = {} } = place
  const warnings: string[] = []
  const reader: Reader = {
    warn: (where, what) => warnings.push(`Server list ${file} at ${where}: ${what}`),
    fail: (where, what) => badList(file, where, what),
  }
  const fields = isRecord(data) ? data : Array.isArray(data) ? { servers: data } : undefined
  if (!fields) throw badList(file, '', 'must be an object with "servers", or an array of server URLs')
  const { issued, expires, sources = [], witnesses, probe, defaults, ...rest } = check(fields, listRules, '', reader)
  const urls = (value: unknown, name: string) =>
    (value as unknown[]).map((item, i) => {
      const found = readUrl(item, base, secure)
      if ('wrong' in found) throw reader.fail(`${name}[${i}]`, `${found.wrong}; it is ${show(item)}`)
      return found.url.href
    })
  if (typeof probe === 'string' && !probe.startsWith('/')) urls([probe], 'probe')
  const list: ServerList = {
    policy: missing.policy ?? 'primary',
    ...(missing.probe && { probe: missing.probe }),
    ...(probe !== undefined && { probe: probe as string }),
    ...(rest as Pick<ServerList, 'version'>),
    ...(issued !== undefined && { issuedAt: Date.parse(issued as string) }),
    ...(expires !== undefined && { expiresAt: Date.parse(expires as string) }),
    servers: readServers(fields.servers, secure, reader),
    sources: urls(sources, 'sources'),
    witnesses: urls(witnesses ?? missing.witnesses ?? [], 'witnesses'),
    defaults: { ...missing.defaults, ...(isRecord(defaults) && check(defaults, tuningRules, 'defaults.', reader)) },
  }
  return { list, warnings }
}

/** Text that `parseList` reads as the same list. */
export function serializeList({ issuedAt, expiresAt, ...list }: ServerList): string {
  const moment = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())
  return JSON.stringify({ ...list, issued: moment(issuedAt), expires: moment(expiresAt) })
}

interface Reader {
  warn(where: string, what: string): void
  fail(where: string, what: string): FailoverError
}

type Fields = Record<string, unknown>

/** What a field must be, and how that is said. */
type Rule = readonly [test: (value: unknown) => boolean, expected: string]

const oneOf = (...words: readonly string[]): Rule => [
  value => words.includes(value as string),
  `one of ${words.join(', ')}`,
]
const whole: Rule = [value => Number.isSafeInteger(value) && (value as number) >= 0, 'a whole number from 0']
const positive: Rule = [value => isTuningValue('', value), 'a number above 0']
const urls: Rule = [Array.isArray, 'an array of URLs']
const moment: Rule = [
  value => typeof value === 'string' && /^\d{4}-\d\d-\d\d(T|$)/.test(value) && !Number.isNaN(Date.parse(value)),
  'a moment like "2026-11-20T12:00:00Z"',
]

const listRules: Record<string, Rule> = {
  version: whole,
  issued: moment,
  expires: moment,
  servers: [Array.isArray, 'an array of servers'],
  sources: urls,
  // A path is asked below each server.
  probe: [isProbe, 'a path like /healthz, or a URL'],
  witnesses: urls,
  policy: oneOf(...policies),
  defaults: [isRecord, 'an object of numbers'],
}

const serverRules: Record<string, Rule> = {
  url: [() => true, ''],
  weight: [value => isTuningValue('', value), 'a number above 0'],
  tier: whole,
  zone: [value => typeof value === 'string', 'a text'],
  transport: oneOf('auto', 'cors', 'bridge', 'script'),
  credentials: oneOf('omit', 'headers', 'include'),
  writes: [value => typeof value === 'boolean', 'true or false'],
}

const tuningRules = Object.fromEntries(Object.keys(tuningDefaults).map(name => [name, positive]))

/** The fields that there are rules for. What breaks its rule is refused, what has none is left out with a warning. */
function check(fields: Fields, rules: Record<string, Rule>, path: string, reader: Reader): Fields {
  const kept: Fields = {}
  for (const [name, value] of Object.entries(fields)) {
    const [test, expected] = Object.hasOwn(rules, name) ? rules[name]! : []
    if (!test) reader.warn(path + name, 'is unknown and was left out')
    else if (value !== undefined && !test(value)) {
      throw reader.fail(path + name, `must be ${expected}; it is ${show(value)}`)
    } else if (value !== undefined) kept[name] = value
  }
  return kept
}

function readServers(value: unknown, secure: boolean, reader: Reader): Server[] {
  if (!Array.isArray(value) || !value.length) throw reader.fail('servers', 'names no server; write at least one')
  if (value.length > maxServers) throw reader.fail('servers', `names ${value.length} servers; at most 10,000 are read`)
  const seen = new Map<string, number>()
  return value.map((entry, i) => {
    const where = `servers[${i}]`
    const server = readServer(entry, where, secure, reader)
    const before = seen.get(server.url)
    if (before !== undefined) throw reader.fail(where, `is ${server.url}, as servers[${before}] is; name it once`)
    seen.set(server.url, i)
    return server
  })
}

function readServer(entry: unknown, where: string, secure: boolean, reader: Reader): Server {
  const fields = typeof entry === 'string' ? { url: entry } : entry
  if (!isRecord(fields)) throw reader.fail(where, 'must be a URL, or an object with "url"')
  const found = readServerUrl(fields.url, secure)
  if ('wrong' in found) throw reader.fail(`${where}.url`, `${found.wrong}; it is ${show(fields.url)}`)
  const kept = check(fields, serverRules, `${where}.`, reader) as Partial<Server>
  const { weight = 1 } = kept
  const used = Math.min(weightRange[1], Math.max(weightRange[0], weight))
  if (used !== weight) reader.warn(`${where}.weight`, `${weight} was brought to ${used}`)
  return { tier: 0, transport: 'auto', credentials: 'omit', writes: true, ...kept, weight: used, url: found.url }
}

function isProbe(value: unknown): boolean {
  return typeof value === 'string' && /^(https?:\/)?\/[^/]/.test(value) && URL.canParse(value, 'http://a.example')
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : (JSON.stringify(value) ?? String(value)).slice(0, 80)
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
