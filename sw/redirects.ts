/** Remembers which addresses led a navigation on, until it arrives. */
export interface Redirects {
  /** A navigation of this client was redirected from `url`. */
  add(clientId: string, url: string): void
  /** Where it came from, told once. */
  of(clientId: string): string[]
}

const MOST = 20

/**
 * The browser follows redirects of navigations itself, as one request after another
 * whose `resultingClientId` is the same. Addresses with a query are left out: such
 * redirects tend to depend on it, and to be meant once.
 */
export function createRedirects(): Redirects {
  const underway = new Map<string, string[]>()
  return {
    add(clientId, url) {
      if (!clientId || url.includes('?')) return
      underway.set(clientId, [...(underway.get(clientId) ?? []), url])
      if (underway.size > MOST) underway.delete(underway.keys().next().value!)
    },
    of(clientId) {
      const from = underway.get(clientId) ?? []
      underway.delete(clientId)
      return from
    },
  }
}
