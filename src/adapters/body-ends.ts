/** Whom to tell of bodies that pass on their own, and the URLs of these. */
const passing = new Map<() => void, string>()

/** More than are ever open: the engine says nothing of what was aborted, or broke off in WebKit. */
const MOST = 100

let observer: PerformanceObserver | undefined

/**
 * Calls `then` when the engine says that a body from `url` is over: a few milliseconds after its last byte, without a
 * look at it. Outside browsers it says nothing.
 */
export function whenOver(url: string, then: () => void): void {
  if (typeof location === 'undefined') return
  observer ??= new PerformanceObserver(list => {
    for (const { name } of list.getEntries())
      for (const [then, url] of passing) if (name.split('#')[0] === url && passing.delete(then)) then()
  })
  observer.observe({ type: 'resource' })
  passing.set(then, url)
  if (passing.size > MOST) passing.delete(passing.keys().next().value!)
}
