import { PASS } from '../src/core/messages.ts'

/** The page side has this request in hand itself. */
export function isMarkedPass({ url }: Request): boolean {
  return url.endsWith(`#${PASS}`)
}

/** Chromium's developer tools ask this way, and `fetch` refuses it outside the own origin's mode. */
export function isOnlyIfCached({ cache, mode }: Request): boolean {
  return cache === 'only-if-cached' && mode !== 'same-origin'
}
