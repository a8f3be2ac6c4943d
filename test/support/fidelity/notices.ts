/**
 * What a page can still notice, in the words of the README, which lists exactly these. Each is the reason of at
 * least one exception in a case.
 */
export const notices = {
  'unexposed headers':
    'Of a mirror’s answer the page sees only the headers that CORS lets it see: name yours in `Access-Control-Expose-Headers`.',
  'synchronous XHR': 'Synchronous XHR reaches no worker: with the primary dead it fails (Chromium, WebKit).',
  keepalive:
    '`fetch` with `keepalive` is left to the browser in Firefox and WebKit, in WebKit beacons too: with the primary dead they fail.',
  'event ids':
    'An `EventSource` comes to a mirror, and back from it, without `Last-Event-ID` (Chromium): its events begin anew.',
  'odd statuses': 'A status above 599 comes from a mirror under the mirror’s own URL.',
  'scripts of mirrors':
    'A page below `api` that a mirror sends, opened or in a frame, is shown without running its scripts; scripts, styles and workers below `api` come from their own server alone.',
  'redirected writes':
    'A mirror’s redirect of a request with a body, `Authorization` or headers of your own is not followed: it fails.',
  referrer: 'A mirror gets the page’s origin as referrer, not its path, unless you set a `referrerPolicy`.',
  validators:
    'A mirror is not sent a read’s own `If-None-Match`, `If-Modified-Since` or `If-Range`: its answer comes whole, with status 200.',
  'held JSON':
    'JSON, XML and HTML of undeclared length are held until 256 kB or the end are there, for a second at most, or five where they stand still; other types for 50 ms.',
  'aborted Requests':
    'A `Request` object with a body, aborted before its answer, is given up in the page but not called off at the server; `fetch(url, init)` is.',
  'headers beyond ASCII': 'Response headers beyond ASCII are decoded otherwise behind any worker (Chromium).',
  redirected: 'After a mirror’s redirect `url` is right, but `redirected` is false (WebKit).',
  'only-if-cached': "`cache: 'only-if-cached'` is left to the browser, which asks the dead server (WebKit).",
  'broken bodies': 'A small body that breaks off at every server fails the call, not only its reading (WebKit).',
} as const

export type Notice = keyof typeof notices
