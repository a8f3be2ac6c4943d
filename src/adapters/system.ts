import type { Clock, Random } from '../core/ports.ts'

/** The longest that `setTimeout` can wait; anything longer would fire at once. */
const longestMs = 2 ** 31 - 1

/** The realm's own clock and timers. A wait of `Infinity` never ends. */
export const clock: Clock = {
  now: () => Date.now(),
  after(ms, then) {
    if (ms === Number.POSITIVE_INFINITY) return () => {}
    const timer = setTimeout(then, Math.min(ms, longestMs))
    return () => clearTimeout(timer)
  },
}

/** The realm's own chance. */
export const random: Random = () => Math.random()

/** The realm's own `fetch`, as it is at that moment. */
export const realmFetch: typeof fetch = (input, init) => fetch(input, init)

/** Within the origin of this page or worker; in browsers alone. To parse the URL costs more. */
export function isOwn(url: string): boolean {
  return url.startsWith(`${location.origin}/`)
}

/** On iOS every browser is one. */
export function isWebKit(): boolean {
  return !/Chrome|Firefox/.test(navigator.userAgent)
}
