import { checkFields, type Fields, isRecord, type Judge, mustBe, type Rule } from '../check.ts'
import { numbers, oneOf, policy, probe, tuning, yesOrNo } from '../rules.ts'
import type { Settings } from '../settings.ts'
import type { Server, ServerList } from '../types.ts'
import { badList } from './bad-list.ts'
import { serverUrl, urlRule } from './server-url.ts'

/** Longest text of a list, in bytes or characters, whichever is seen first. */
export const maxListBytes = 1_000_000

/** Most servers in one list. */
export const maxServers = 10_000

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
  if (text.length > maxListBytes) throw badList(place.file, '', mustBe('at most 1 MB', text.length))
  const json = text.replace(/^\uFEFF/, '')
  let data: unknown
  try {
    data = JSON.parse(json)
  } catch (error) {
    // The engine says where: by line, by column or by what stands there.
    throw badList(place.file, '', `must be JSON like ["https://a.example.com/"]; ${(error as Error).message}`)
  }
  return readList(data, place)
}

const whole: Rule = [value => Number.isSafeInteger(value) && (value as number) >= 0, 'a whole number from 0']

const moment: Rule = [
  value => typeof value === 'string' && /^\d{4}-\d\d-\d\d(T|$)/.test(value) && !Number.isNaN(Date.parse(value)),
  'like "2026-11-20T12:00:00Z"',
]

const listRules = {
  version: whole,
  issued: moment,
  expires: moment,
  servers: [
    value => Array.isArray(value) && value.length > 0 && value.length <= maxServers,
    'an array of 1 to 10,000',
  ] as Rule,
  policy,
  defaults: numbers,
}

const serverRules = {
  // No share of the work can be told beyond.
  weight: [value => typeof value === 'number' && value >= 1e-6 && value <= 1e6, 'from 0.000001 to 1000000'] as Rule,
  tier: whole,
  zone: [value => typeof value === 'string', 'a text'] as Rule,
  transport: oneOf('auto', 'cors', 'bridge', 'script'),
  credentials: oneOf('omit', 'headers', 'include'),
  writes: yesOrNo,
}

/**
 * Reads a list that is already data: an object as in `servers.json`, or an array of its servers.
 *
 * @throws FailoverError with code `bad-list`; nothing else
 */
export function readList(data: unknown, { file, base, secure, missing }: ListPlace): ParsedList {
  const warnings: string[] = []
  const judge: Judge = {
    fail: (where, expected, got) => badList(file, where, mustBe(expected, got)),
    unknown: where => void warnings.push(badList(file, where, 'is unknown and was left out').message),
  }
  const fields = Array.isArray(data) ? { servers: data } : data
  if (!isRecord(fields)) throw judge.fail('', 'an object with "servers", or an array of server URLs', data)
  const url = urlRule(base, secure)
  const urls: Rule = [...url.slice(0, 2), 'each'] as never
  const probeRule = typeof fields.probe === 'string' && /^https?:/.test(fields.probe) ? url : probe
  const rules = { ...listRules, sources: urls, witnesses: urls, probe: probeRule }
  const checked = checkFields({ ...missing, ...fields }, rules, judge, '', ['servers'])
  const { issued, expires, servers, sources, witnesses, defaults, ...rest } = checked
  const href = (texts: unknown) => ((texts ?? []) as string[]).map(text => new URL(text, base).href)
  const timeOf = (text: unknown) => (text ? Date.parse(text as string) : undefined)
  const list: ServerList = {
    policy: 'primary',
    ...rest,
    issuedAt: timeOf(issued),
    expiresAt: timeOf(expires),
    servers: readServers(servers as unknown[], secure, judge),
    sources: href(sources),
    witnesses: href(witnesses),
    defaults: { ...missing?.defaults, ...checkFields((defaults ?? {}) as Fields, tuning, judge, 'defaults.') },
  }
  return { list, warnings }
}

function readServers(entries: unknown[], secure: boolean, judge: Judge): Server[] {
  const rules = { url: urlRule(undefined, secure, true), ...serverRules }
  const seen = new Map<string, number>()
  return entries.map((entry, i) => {
    const where = `servers[${i}]`
    const fields = typeof entry === 'string' ? { url: entry } : entry
    if (!isRecord(fields)) throw judge.fail(where, 'an absolute URL, or an object with one as "url"', entry)
    const kept = checkFields(fields, rules, judge, `${where}.`, ['url']) as Partial<Server>
    const url = serverUrl(kept.url!)
    if (seen.has(url)) throw judge.fail(where, `another server than servers[${seen.get(url)}]`, url)
    seen.set(url, i)
    return { weight: 1, tier: 0, transport: 'auto', credentials: 'omit', writes: true, ...kept, url }
  })
}
