import type { Rule } from '../check.ts'
import { isAllowRule } from '../settings.ts'

/**
 * What a URL must be: absolute unless there is a base. On a secure page only loopback may be `http:`,
 * for browsers refuse all others there.
 */
export function urlRule(base: string | undefined, secure: boolean, server = false): Rule {
  const expected = `a${base ? '' : 'n absolute'} URL that begins with https://${secure ? '' : ' or http://'}, without user name${server ? ', query and fragment' : ''}`
  return [text => isUrl(text, base, secure, server), expected]
}

function isUrl(text: unknown, base: string | undefined, secure: boolean, server: boolean): boolean {
  if (typeof text !== 'string' || !URL.canParse(text, base)) return false
  const { protocol, hostname, username, password, search, hash } = new URL(text, base)
  if (username || password || (server && (search || hash))) return false
  return protocol === 'https:' || (protocol === 'http:' && (!secure || isLoopback(hostname)))
}

/** True for names that only this computer answers to. */
export function isLoopback(host: string): boolean {
  return /^(.+\.)?localhost$|^127(\.\d+){3}$|^\[::1\]$/.test(host)
}

/** A server's URL as we keep it: ending in `/`. */
export function serverUrl(text: string): string {
  const { origin, pathname } = new URL(text)
  return origin + pathname.replace(/\/?$/, '/')
}

/** True when a server's origin is one of these exactly, or lies below `https://*.example.com`. */
export function isAllowed(url: string, allow: readonly string[]): boolean {
  const asked = new URL(url).origin
  return allow.some(rule => {
    if (!isAllowRule(rule)) return false
    const { origin } = new URL(rule.replace('*.', ''))
    if (!rule.includes('*')) return asked === origin
    const [scheme, host] = origin.split('//') as [string, string]
    return asked.startsWith(scheme) && asked.endsWith(`.${host}`) && !asked.endsWith(`//.${host}`)
  })
}
