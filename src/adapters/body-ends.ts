import type { Outgoing } from '../core/ports.ts'
import type { Handle } from './call.ts'

/** Whom to tell of bodies that pass on their own, and the URLs of these. */
const passing = new Map<() => void, string>()

/** More than are ever open: WebKit says nothing of what was aborted or broke off. */
const MOST = 100

let observer: PerformanceObserver | undefined

/**
 * Calls `then` when the caller aborts, or the engine says that the body of the answer is over: a few milliseconds after
 * its last byte, without a look at it. Outside browsers none says so.
 */
export function whenOver({ call, url }: Outgoing, then: () => void): void {
  if (typeof location === 'undefined' || typeof PerformanceObserver === 'undefined') return
  observer ??= new PerformanceObserver(list => {
    for (const { name } of list.getEntries()) tell(name.split('#')[0]!)
  })
  observer.observe({ type: 'resource' })
  passing.set(then, url)
  if (passing.size > MOST) passing.delete(passing.keys().next().value!)
  const { signal } = call.handle as Handle
  signal?.addEventListener('abort', then)
}

function tell(over: string): void {
  for (const [then, url] of passing) if (url === over && passing.delete(then)) return then()
}
