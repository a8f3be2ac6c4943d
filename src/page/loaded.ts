/** `other` is what Chromium calls a preloaded module. */
const KINDS = new Set(['link', 'script', 'css', 'img', 'other'])
/** A picture that may be another the next time it is asked for, such as a captcha, has no such name. */
const PICTURE = /\.(avif|gif|ico|jpe?g|png|svg|webp)$/i
/** The worker has its own limits; this one only keeps the message small. */
const MOST = 500

/**
 * What this page loaded from its own origin, itself included: the worker saves it if it was not there
 * to see it.
 */
export function loadedUrls(entries: readonly { name: string; initiatorType: string }[], page: string): string[] {
  const { origin } = new URL(page)
  const isFile = ({ name, initiatorType }: (typeof entries)[number]) =>
    KINDS.has(initiatorType) && (initiatorType !== 'img' || PICTURE.test(name.split('#')[0]!))
  const names = entries.filter(isFile).map(entry => entry.name)
  const urls = [page, ...names].map(name => name.split('#')[0]!)
  return [...new Set(urls)].filter(url => url.startsWith(`${origin}/`)).slice(0, MOST)
}

/** Calls `then` with them when the page has loaded. */
export function whenLoaded(then: (urls: string[]) => void): void {
  const tell = () =>
    then(loadedUrls(performance.getEntriesByType('resource') as PerformanceResourceTiming[], location.href))
  if (document.readyState === 'complete') tell()
  else window.addEventListener('load', () => setTimeout(tell), { once: true })
}
