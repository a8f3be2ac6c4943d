/** Which requests are meant: a path or URL below which they lie, a RegExp or a function of the URL. */
export type UrlRule = string | RegExp | ((url: URL) => boolean)

export function isUrlRule(value: unknown): value is UrlRule {
  if (typeof value !== 'string') return value instanceof RegExp || typeof value === 'function'
  return value.trim() !== '' && !/[?#]|\*$/.test(value.trim()) && URL.canParse(value, 'http://a.example')
}

/**
 * One yes/no out of rules. Texts are resolved against `base` and match whole path segments:
 * `/api` covers `/api` and `/api/x`, not `/apiary`. No rule covers nothing.
 */
export function apiMatcher(api: readonly UrlRule[] | undefined, base: string | URL): (url: URL) => boolean {
  const tests = (api ?? []).map(rule => matcherOf(rule, base))
  return url => tests.some(test => test(url))
}

/** Rules that speak of sending requests again: these reads never, these `POST`s as if they were reads. */
export interface RepeatRules {
  once?: readonly UrlRule[]
  reads?: readonly UrlRule[]
}

/** What the app says of repeating a request: see `Call.repeatable`. */
export function repeatMatcher({ once, reads }: RepeatRules, base: string | URL): (url: URL) => boolean | undefined {
  const isOnce = apiMatcher(once, base)
  const onlyAsks = apiMatcher(reads, base)
  return url => !isOnce(url) && (onlyAsks(url) || undefined)
}

function matcherOf(rule: UrlRule, base: string | URL): (url: URL) => boolean {
  if (typeof rule === 'function') return url => Boolean(rule(url))
  if (typeof rule !== 'string') {
    // `g` and `y` would make every other question start where the last match ended.
    const still = new RegExp(rule.source, rule.flags.replace(/[gy]/g, ''))
    return url => still.test(url.href.split('#')[0]!)
  }
  const { origin, pathname } = new URL(rule, base)
  const below = pathname.endsWith('/') ? pathname : `${pathname}/`
  return url => url.origin === origin && (url.pathname === pathname || url.pathname.startsWith(below))
}
