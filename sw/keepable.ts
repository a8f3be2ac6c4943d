/** What can be told of one answer without reading its body. */
export interface Facts {
  status: number
  /** `response.type`. */
  type: ResponseType
  headers: Pick<Headers, 'get'>
  /** The author named this path, so it is the same for everyone. */
  named: boolean
  /** A cookie appeared or changed while the answer came. */
  cookieSet: boolean
  /** The request carried `Authorization`. */
  authorized: boolean
}

/** `keep`, `pass` (nothing to say about it) or why it may not be kept. */
export type Keepable = 'keep' | 'pass' | { because: string }

/**
 * Decides whether an answer may be put by for the time when its server is gone.
 * A kept copy may be shown to whoever uses this browser next, so what is, or may be,
 * one person's own is not kept.
 *
 * `Set-Cookie` itself is hidden from workers: `cookieSet` sees only cookies that
 * scripts may read. An answer that sets an `HttpOnly` cookie must say `private`.
 */
export function keepable({ status, type, headers, named, cookieSet, authorized }: Facts): Keepable {
  if (/^(opaque|error)/.test(type) || status === 206 || status === 304) return 'pass'
  if (status !== 200) return { because: `it answered ${status}` }
  if (cookieSet) return { because: 'it sets a cookie' }
  if (named) return 'keep'
  if (authorized) return { because: 'its request had Authorization' }
  const control = words(headers.get('cache-control'))
  const forbidden = control.find(word => /^(private|no-store)/.test(word))
  if (forbidden) return { because: `its Cache-Control says ${forbidden}` }
  const personal = words(headers.get('vary')).find(word => /^(cookie|authorization|\*)$/.test(word))
  if (personal) return { because: `its Vary says ${personal}` }
  if (/^\s*attachment/i.test(headers.get('content-disposition') ?? '')) return 'pass'
  return 'keep'
}

function words(value: string | null): string[] {
  return (value ?? '').split(',').map(word => word.trim().toLowerCase().split('=')[0]!)
}
