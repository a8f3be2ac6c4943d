import type { Problem, ServerStatus } from '../core/status.ts'

/**
 * Names each server that the page's own Content-Security-Policy forbids: to the failover such a request
 * looks like any other that failed.
 */
export function whenPolicyRefuses(servers: () => readonly ServerStatus[], problem: (problem: Problem) => void): void {
  const told = new Set<string>()
  document.addEventListener('securitypolicyviolation', ({ blockedURI, effectiveDirective }) => {
    const server = servers().find(({ url }) => blockedURI.startsWith(new URL(url).origin))
    if (!server || effectiveDirective !== 'connect-src' || told.has(server.url)) return
    told.add(server.url)
    const { origin } = new URL(server.url)
    const message = `the page's Content-Security-Policy does not let it reach ${origin}; add that to connect-src`
    problem({ code: 'csp', message })
  })
}
