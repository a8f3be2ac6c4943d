/** The worker's compiler library does not know it. */
type Violation = Event & Record<'blockedURI' | 'effectiveDirective' | 'disposition', string>

/**
 * Tells of each request that a Content-Security-Policy forbade: the page's in a page, in a worker the one that its own
 * file was sent with. To the failover such a request looks like any other that failed.
 */
export function whenForbidden(tell: (url: string) => void): void {
  addEventListener('securitypolicyviolation', event => {
    const { blockedURI, effectiveDirective, disposition } = event as Violation
    if (effectiveDirective === 'connect-src' && disposition === 'enforce') tell(blockedURI)
  })
}
