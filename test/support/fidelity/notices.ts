/**
 * What a page can still notice, in the words of the README, which lists exactly these. Each is the reason of at
 * least one exception in a case.
 */
export const notices = {
  'unexposed headers':
    'Of a mirror’s answer the page sees only the headers that CORS lets it see: name yours in `Access-Control-Expose-Headers`.',
  'synchronous XHR': 'Synchronous XHR never reaches a worker: with the primary dead it fails.',
  keepalive: 'Requests with `keepalive` and beacons are left to the browser: with the primary dead they fail.',
  'event ids':
    'An `EventSource` comes to a mirror, and back from it, without `Last-Event-ID` (Chromium): its events begin anew.',
} as const

export type Notice = keyof typeof notices
