import { isAllowRule } from '../settings.ts'

/** What is wrong with a server's URL, or the URL as we keep it: ending in `/`. */
export function readServerUrl(text: unknown, secure: boolean): { url: string } | { wrong: string } {
  const found = readUrl(text, undefined, secure)
  if ('wrong' in found) return found
  const { origin, pathname, search, hash } = found.url
  if (search || hash) return { wrong: 'must have no query and no fragment' }
  return { url: origin + (pathname.endsWith('/') ? pathname : `${pathname}/`) }
}

/** An `http:` or `https:` URL, absolute unless there is a base. On a secure page only loopback may be `http:`. */
export function readUrl(text: unknown, base: string | undefined, secure: boolean): { url: URL } | { wrong: string } {
  if (typeof text !== 'string' || !URL.canParse(text, base)) {
    return { wrong: `must be ${base ? 'a' : 'an absolute'} URL, like https://a.example.com/` }
  }
  const url = new URL(text, base)
  if (!/^https?:$/.test(url.protocol)) return { wrong: 'must begin with https:// or http://' }
  if (url.username || url.password) return { wrong: 'must hold no user name or password' }
  if (secure && url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return { wrong: 'must begin with https://, for browsers refuse http: on an https: page' }
  }
  return { url }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || /^127(\.\d+){3}$/.test(host) || host === '[::1]'
}

/** True when a server's origin is one of these exactly, or lies below `https://*.example.com`. */
export function isAllowed(url: string, allow: readonly string[]): boolean {
  const { origin, protocol, host } = new URL(url)
  return allow.some(rule => {
    if (!isAllowRule(rule)) return false
    const [scheme, rest] = rule.toLowerCase().split('//') as [string, string]
    if (rest.startsWith('*.')) return scheme === protocol && host.endsWith(rest.slice(1)) && host.length >= rest.length
    return new URL(rule).origin === origin
  })
}
