import type { Answer, Call, Peer } from '../types.ts'
import type { Run } from './run.ts'

/**
 * `counts`: the page gets it; `waits`: only if nothing better comes; `never`: it is no answer to this request;
 * `denied`: nor is this, and nothing was done, for the login was missing.
 */
export type Worth = 'counts' | 'waits' | 'never' | 'denied'

/**
 * Weighs the answer that `peer` gave to a request: a fast error page of another server must not win over a living asked one.
 *
 * @param repeatable a 5xx may be asked of another server
 */
export function worthOf(
  { world, call, asked, nature, kind }: Pick<Run, 'world' | 'call' | 'asked' | 'nature' | 'kind'>,
  peer: Peer,
  answer: Answer,
  repeatable: boolean,
): Worth {
  const { status } = answer
  if (peer.id === asked.id) return status >= 500 && repeatable ? 'waits' : 'counts'
  const writes = nature !== 'read'
  if ([401, 403, 407].includes(status) && wasSentLess(peer, call)) return 'denied'
  if (writes && [404, 405, 501].includes(status)) return 'never'
  const html = isHtml(answer)
  const strange = html && kind.html === false
  // A web server without the API shows its index page for every path.
  const unproved = html && kind.html === undefined && !writes
  // None was sent the validators that a 304 speaks of, and a redirect that is left was not to be followed.
  if (status < 400) return strange ? 'never' : unproved || status >= 300 ? 'waits' : 'counts'
  return status < 500 && world.fleet.isOut(asked.id) && !strange ? 'counts' : 'waits'
}

/** What this server allows is less than what the page sent. */
function wasSentLess({ server }: Peer, { cookies, authorization }: Call): boolean {
  const allowed = server?.credentials ?? 'omit'
  return (cookies && allowed !== 'include') || (authorization && allowed === 'omit')
}

export function isHtml(answer: Answer): boolean {
  return answer.type === 'text/html' || answer.type === 'application/xhtml+xml'
}
