import { FailoverError } from './errors.ts'
import { type Tuning, defaults as tuningDefaults } from './options.ts'
import type { Policy, Server } from './types.ts'

/** One server as the app may write it: its URL alone, or an entry as in `servers.json`. */
export type ServerInput = string | (Partial<Server> & Pick<Server, 'url'>)

/** Which requests are meant: a path or URL below which they lie, a RegExp or a function of the URL. */
export type UrlRule = string | RegExp | ((url: URL) => boolean)

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
  /** Numbers of the rules to change; what the list says wins. */
  defaults?: Partial<Tuning>
}

export type SettingName = keyof Settings

/** What may be handed in: a single rule or path needs no array, and server URLs may stand in one string, separated by spaces. */
export type SettingsInput = Omit<Settings, 'api' | 'once' | 'allow' | 'witnesses' | 'shell'> & {
  api?: UrlRule | readonly UrlRule[]
  once?: UrlRule | readonly UrlRule[]
  allow?: string | readonly string[]
  witnesses?: string | readonly string[]
  shell?: 'auto' | false | string | readonly string[]
}

/** All policies, for messages and checks. */
export const policies: readonly Policy[] = ['primary', 'balanced', 'random']

/** What is wrong with an option: its name, what was expected and what was found. */
export function optionError(name: string, expected: string, got: unknown): FailoverError {
  const found = got === undefined ? 'nothing' : typeof got === 'string' ? `"${got.slice(0, 80)}"` : describe(got)
  return badOption(`option "${name}" must be ${expected}, but it is ${found}`)
}

function unknownOption(name: string, known: readonly string[]): FailoverError {
  return badOption(`there is no option "${name}"; the options here are ${known.join(', ')}`)
}

function badOption(message: string): FailoverError {
  return new FailoverError({ code: 'bad-option', message: `Outrigger: ${message}`, tries: [] })
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (typeof value === 'object' && value) return 'an object'
  return typeof value === 'function' ? 'a function' : String(value)
}

/** A number that a rule can work with: above 0 and finite; `attemptTimeoutMs` alone may be `Infinity`. */
export function isTuningValue(name: string, value: unknown): value is number {
  return typeof value === 'number' && value > 0 && (value < Number.POSITIVE_INFINITY || name === 'attemptTimeoutMs')
}

/** True for a name that `Tuning` has. */
export function isTuningName(name: string): name is keyof Tuning {
  return Object.hasOwn(tuningDefaults, name)
}

/** True for an exact origin, or `https://*.example.com`; a bare `*` is none. */
export function isAllowRule(rule: string): boolean {
  const [, scheme, host] = /^(https?:\/\/)(?:\*\.(?=[^.]+\.[^.]))?([^/*?#@\s]+)$/.exec(rule) ?? []
  return host !== undefined && URL.canParse(scheme + host)
}

type Check = (value: unknown, name: string) => unknown

const text: Check = (value, name) => {
  if (typeof value === 'string' && value.trim()) return value.trim()
  throw optionError(name, 'a text that is not empty', value)
}

const texts: Check = (value, name) => {
  const list = typeof value === 'string' ? words(value) : value
  if (Array.isArray(list) && list.every(item => typeof item === 'string' && item)) return list
  throw optionError(name, 'an array of texts, or one text with spaces between', value)
}

const rules: Check = (value, name) => {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  for (const rule of list) {
    const fits =
      typeof rule === 'string'
        ? rule.trim() && !/[?#]/.test(rule) && URL.canParse(rule, 'http://a.example')
        : rule instanceof RegExp || isFunction(rule)
    if (fits) continue
    throw optionError(name, 'a path, a URL without query, a RegExp, a function of the URL, or an array of these', rule)
  }
  return list
}

const checks: Record<SettingName, Check> = {
  servers(value, name) {
    if (typeof value === 'string' && value.trim()) return serversFromText(value)
    const fits = (item: unknown) => typeof item === 'string' || (isRecord(item) && typeof item.url === 'string')
    if (Array.isArray(value) && value.length && value.every(fits)) return value
    throw optionError(name, 'the URL of a server list, or an array of server URLs', value)
  },
  api: rules,
  shell: (value, name) => (value === 'auto' || value === false ? value : texts(value, name)),
  allow(value, name) {
    const list = texts(value, name) as string[]
    const wrong = list.find(rule => !isAllowRule(rule))
    if (wrong === undefined) return list
    throw optionError(name, 'origins like https://a.example.com or https://*.example.com', wrong)
  },
  policy(value, name) {
    if (policies.includes(value as Policy)) return value
    throw optionError(name, `one of ${policies.join(', ')}`, value)
  },
  probe: text,
  witnesses: texts,
  overtake(value, name) {
    if (typeof value === 'boolean') return value
    throw optionError(name, 'true or false', value)
  },
  once: rules,
  defaults(value, name) {
    if (!isRecord(value)) throw optionError(name, 'an object of numbers', value)
    for (const [key, number] of Object.entries(value)) {
      if (!isTuningName(key)) throw unknownOption(`${name}.${key}`, Object.keys(tuningDefaults))
      if (!isTuningValue(key, number)) throw optionError(`${name}.${key}`, 'a number above 0', number)
    }
    return value
  },
}

/** Every name that `Settings` has. */
export const settingNames = /* @__PURE__ */ Object.keys(checks) as SettingName[]

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
  if (!isRecord(input)) throw optionError('options', `an object with ${known.join(', ')}`, input)
  const settings: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(input)) {
    if (value === undefined) continue
    if (!known.includes(name as SettingName)) throw unknownOption(name, known)
    settings[name] = checks[name as SettingName](value, name)
  }
  for (const name of required) if (settings[name] === undefined) checks[name](undefined, name)
  return settings
}

/** Reads settings from the query of a worker's URL. Names in `others` are somebody else's and skipped. */
export function settingsFromQuery(query: URLSearchParams, others: readonly string[] = []): Settings {
  const input: Record<string, unknown> = {}
  for (const name of new Set(query.keys())) {
    if (!others.includes(name)) input[name] = fromText(name, query.getAll(name).join(' ').trim())
  }
  return checkSettings(input)
}

/** Reads one setting from a text, as it stands in a query or a `data-` attribute; `checkSettings` judges the result. */
export function fromText(name: string, value: string): unknown {
  if (name === 'api' || name === 'once') return words(value)
  if (value === 'false' || value === 'true') return value === 'true'
  if (name !== 'defaults') return value
  return Object.fromEntries(words(value).map(pair => [pair.split(':')[0], Number(pair.split(':')[1])]))
}

/**
 * Writes settings as the query of a worker's URL, so that `settingsFromQuery` gives the same again.
 *
 * @throws FailoverError for a RegExp or a function, which cannot travel in a URL
 */
export function settingsToQuery(settings: Settings): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(settings)) {
    if (value === undefined) continue
    for (const item of name === 'api' || name === 'once' ? value : [toText(name, value)]) {
      if (typeof item !== 'string') throw optionError(name, 'paths or URLs here (a RegExp needs your own worker)', item)
      query.append(name, item)
    }
  }
  return query
}

function toText(name: string, value: unknown): string {
  if (name === 'servers' && Array.isArray(value)) {
    return value.every(item => typeof item === 'string') ? value.join(' ') : JSON.stringify(value)
  }
  if (name === 'defaults')
    return Object.entries(value as object)
      .map(pair => pair.join(':'))
      .join(' ')
  return Array.isArray(value) ? value.join(' ') : String(value)
}

/** One absolute URL whose path is `/` is a server; any other single URL is that of a list. */
function serversFromText(value: string): string | unknown[] {
  if (value.trim().startsWith('[')) {
    try {
      return checks.servers(JSON.parse(value), 'servers') as unknown[]
    } catch {
      throw optionError('servers', 'a JSON array of servers', value)
    }
  }
  const [first = '', ...more] = words(value)
  return more.length || (URL.canParse(first) && new URL(first).pathname === '/') ? [first, ...more] : first
}

/**
 * One yes/no out of rules. Texts are resolved against `base` and match whole path segments:
 * `/api` covers `/api` and `/api/x`, not `/apiary`. No rule covers nothing.
 */
export function apiMatcher(api: readonly UrlRule[] | undefined, base: string | URL): (url: URL) => boolean {
  const tests = (api ?? []).map(rule => matcherOf(rule, base))
  return url => tests.some(test => test(url))
}

function matcherOf(rule: UrlRule, base: string | URL): (url: URL) => boolean {
  if (typeof rule === 'function') return url => Boolean(rule(url))
  if (rule instanceof RegExp) {
    // `g` and `y` would make every other question start where the last match ended.
    const still = new RegExp(rule.source, rule.flags.replace(/[gy]/g, ''))
    return url => still.test(url.href.split('#')[0]!)
  }
  if (!URL.canParse(rule, base)) throw optionError('api', 'a path or a URL', rule)
  const { origin, pathname } = new URL(rule, base)
  const below = pathname.endsWith('/') ? pathname : `${pathname}/`
  return url => url.origin === origin && (url.pathname === pathname || url.pathname.startsWith(below))
}

const words = (value: string) => value.split(/\s+/).filter(Boolean)
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isFunction = (value: unknown) => typeof value === 'function'
