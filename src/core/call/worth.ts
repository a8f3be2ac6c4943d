import type { Answer } from '../types.ts'

/** What must be known of a try to weigh its answer. */
export interface Scene {
  /** The answer is the asked server's own. */
  own: boolean
  /** The asked server is ejected or backed off. */
  askedOut: boolean
  /** This server was not sent the credentials that the page sent. */
  sentLess: boolean
  /** The call changes something. */
  writes: boolean
  /** Whether this kind of request has answered HTML; `undefined` when it never answered. */
  html: boolean | undefined
  /** A 5xx may be asked of another server. */
  repeatable: boolean
}

/**
 * `counts`: the page gets it; `waits`: only if nothing better comes; `never`: it is no answer to this request;
 * `denied`: nor is this, and nothing was done, for the login was missing.
 */
export type Worth = 'counts' | 'waits' | 'never' | 'denied'

/** Weighs an answer: a fast error page of another server must not win over a living asked one. */
export function worthOf(answer: Answer, scene: Scene): Worth {
  const { status } = answer
  if (scene.own) return status >= 500 && scene.repeatable ? 'waits' : 'counts'
  if (scene.sentLess && [401, 403, 407].includes(status)) return 'denied'
  if (scene.writes && (status === 404 || status === 405 || status === 501)) return 'never'
  const html = isHtml(answer)
  const strange = html && scene.html === false
  // A web server without the API shows its index page for every path.
  const unproved = html && scene.html === undefined && !scene.writes
  // None was sent the validators that a 304 speaks of, and a redirect that is left was not to be followed.
  if (status < 400) return strange ? 'never' : unproved || status >= 300 ? 'waits' : 'counts'
  return status < 500 && scene.askedOut && !strange ? 'counts' : 'waits'
}

export function isHtml(answer: Answer): boolean {
  return answer.type === 'text/html' || answer.type === 'application/xhtml+xml'
}
