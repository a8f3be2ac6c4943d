import { checkFields, type Fields, isRecord, isText, type Judge, mustBe, type Rule, refusal } from './check.ts'
import type { FailoverError } from './errors.ts'
import type { Tuning } from './options.ts'
import { numbers, policy, probe, tuning, yesOrNo } from './rules.ts'
import type { Policy, Server } from './types.ts'
import { isUrlRule, type UrlRule } from './url-rule.ts'

export { apiMatcher, repeatMatcher, type UrlRule } from './url-rule.ts'

/** One server as the app may write it: its URL alone, or an entry as in `servers.json`. */
export type ServerInput = string | (Partial<Server> & Pick<Server, 'url'>)

/** What an app tells us, the same in every door. Every field is optional; a door says which it needs. */
export interface Settings {
  /** URL of a server list, or the servers themselves. */
  servers?: string | readonly ServerInput[]
  /** Requests to cover. `'/api'` means `/api` and all below it; a full URL names another origin. */
  api?: readonly UrlRule[]
  /** What is kept for a page whose server is gone: all it loads (`auto`), these paths, or nothing (`false`). */
  shell?: 'auto' | false | readonly string[]
  /** Origins that a list from elsewhere may name: exact, or `https://*.example.com`. Default: none. */
  allow?: readonly string[]
  /** Used where the list says nothing. Default `primary`. */
  policy?: Policy
  /** Path or URL that tells whether a server lives; used where the list says nothing. */
  probe?: string
  /** URLs outside our servers whose answers prove the network; used where the list says nothing. */
  witnesses?: readonly string[]
  /** False: no read is ever raced. Default true. */
  overtake?: boolean
  /** Reads that are never sent to a second server. */
  once?: readonly UrlRule[]
  /** Where a `POST` only asks, as for a search: it is repeated, overtaken and sent to read-only servers like a read. Never cached. */
  reads?: readonly UrlRule[]
  /** Numbers of the rules to change; what the list says wins. */
  defaults?: Partial<Tuning>
}

export type SettingName = keyof Settings

/** What may be handed in: a single rule or path needs no array, and server URLs may stand in one string, separated by spaces. */
export type SettingsInput = Omit<Settings, 'api' | 'once' | 'reads' | 'allow' | 'witnesses' | 'shell'> & {
  api?: UrlRule | readonly UrlRule[]
  once?: UrlRule | readonly UrlRule[]
  reads?: UrlRule | readonly UrlRule[]
  allow?: string | readonly string[]
  witnesses?: string | readonly string[]
  shell?: 'auto' | false | string | readonly string[]
}

/** What is wrong with an option: its name, what was expected and what was found. */
export function optionError(name: string, expected: string, got: unknown): FailoverError {
  return refusal('bad-option', `option "${name}" ${mustBe(expected, got)}`)
}

const judge: Judge = {
  fail: optionError,
  unknown(name, known) {
    throw refusal('bad-option', `there is no option "${name}", only ${known.join(', ')}`)
  },
}

/** True for an exact origin, or `https://*.example.com`; a bare `*` is none. */
export function isAllowRule(rule: unknown): rule is string {
  const [, scheme, host] = /^(https?:\/\/)(?:\*\.(?=[^.]+\.[^.]))?([^/*?#@\s]+)$/.exec(isText(rule) ? rule : '') ?? []
  return host !== undefined && URL.canParse(scheme + host)
}

const isTexts = (value: unknown) => Array.isArray(value) && value.every(isText)

const urlRules: Rule = [isUrlRule, 'a path, a URL without query or * at its end, a RegExp, or a function', 'each']

const rules: Record<SettingName, Rule> = {
  servers: [isServers, 'the URL of a server list, or an array of server URLs'],
  api: urlRules,
  shell: [value => value === 'auto' || value === false || isTexts(value), '"auto", false, or paths'],
  allow: [isAllowRule, 'an origin like https://*.example.com', 'each'],
  policy,
  probe,
  witnesses: [isText, 'a URL', 'each'],
  overtake: yesOrNo,
  once: urlRules,
  reads: urlRules,
  defaults: numbers,
}

/** A text that still begins with a bracket here was meant to be JSON. */
function isServers(value: unknown): boolean {
  return isText(value) && value[0] !== '['
}

const oneServer: Rule = [
  value => [(value as Fields | null)?.url ?? value].every(url => isText(url) && URL.canParse(url)),
  'an absolute URL, or an object with one as "url"',
  'each',
]

/** Every name that `Settings` has. */
export const settingNames = /* @__PURE__ */ Object.keys(rules) as SettingName[]

/**
 * Checks what an app handed in and brings it into one form: rules and texts as arrays,
 * `servers` as a list's URL or an array. A field that is `undefined` is left out.
 *
 * @param known the names that this door takes; default all
 * @param required the names that it cannot do without
 * @throws FailoverError (a TypeError) with code `bad-option` that names the option and what was expected
 */
export function checkSettings(
  input: unknown,
  known: readonly SettingName[] = settingNames,
  required: readonly SettingName[] = [],
): Settings {
  if (!isRecord(input)) throw optionError('options', 'an object', input)
  const fields = Object.fromEntries(Object.entries(input).map(([name, value]) => [name, arrange(name, value)]))
  const knownRules = Object.fromEntries(known.map(name => [name, rules[name]]))
  if (Array.isArray(fields.servers) && fields.servers[0] && knownRules.servers) knownRules.servers = oneServer
  const settings = checkFields(fields, knownRules, judge, '', required)
  if (settings.defaults) settings.defaults = checkFields(settings.defaults as Fields, tuning, judge, 'defaults.')
  return settings
}

/** Where several are meant, one may stand alone, and texts in one text with blanks between. */
function arrange(name: string, value: unknown): unknown {
  if (value === undefined || value === 'auto' || value === false) return value
  const text = typeof value === 'string' ? value.trim() : undefined
  if (name === 'servers' && text) return serversFromText(text)
  const rule = rules[name as SettingName]
  if (!rule?.[2] && name !== 'shell') return text ?? value
  // No path at all is a slip in `api`, and a choice in `shell`.
  if (text || (text === '' && rule !== urlRules)) return words(text)
  return [value].flat()
}

/** One absolute URL whose path is `/` is a server; any other single URL is that of a list. */
function serversFromText(text: string): unknown {
  if (text.startsWith('[')) {
    try {
      return JSON.parse(text)
    } catch {
      return text
    }
  }
  const urls = words(text)
  return urls.length > 1 || (URL.canParse(text) && new URL(text).pathname === '/') ? urls : text
}

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean)
}

/** Reads settings from the query of a worker's URL. */
export function settingsFromQuery(query: URLSearchParams): Settings {
  const texts = [...query.keys()].map(name => [name, fromText(name, query.getAll(name).join(' '))])
  return checkSettings(Object.fromEntries(texts))
}

/** Reads one setting from a text, as it stands in a query or a `data-` attribute; `checkSettings` judges the result. */
export function fromText(name: string, value: string): unknown {
  const text = value.trim()
  if (text === 'false' || text === 'true') return text === 'true'
  if (name !== 'defaults') return text
  return Object.fromEntries(words(text).map(pair => [pair.split(':')[0], Number(pair.split(':')[1])]))
}

/**
 * Writes settings as the query of a worker's URL, so that `settingsFromQuery` gives the same again.
 *
 * @throws FailoverError for a RegExp or a function, which cannot travel in a URL
 */
export function settingsToQuery(settings: Settings): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(settings)) if (value !== undefined) query.set(name, toText(name, value))
  return query
}

function toText(name: string, value: unknown): string {
  const items: unknown[] =
    name === 'defaults' ? Object.entries(value as Fields).map(pair => pair.join(':')) : [value].flat()
  const strange = items.find(item => typeof item === 'object' || typeof item === 'function')
  if (!strange) return items.join(' ')
  if (name === 'servers') return JSON.stringify(items)
  throw optionError(name, 'paths or URLs here (a RegExp needs your own worker)', strange)
}
