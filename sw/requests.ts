import { isWebKit } from '../src/adapters/system.ts'
import { PASS } from '../src/core/messages.ts'

/**
 * A request that no worker should answer: the page side has it in hand itself, or it asks for what the browser has kept,
 * and for nothing else (as Chromium's developer tools do). In WebKit a worker cannot send on what must outlive its page.
 */
export function isLeftAlone({ url, cache, keepalive }: Request): boolean {
  return (keepalive && isWebKit()) || cache === 'only-if-cached' || url.endsWith(`#${PASS}`)
}

/** What the browser asked ahead of a navigation, if it did. Firefox gives a failure as an answer: it rejects too. */
export function askedAhead({ preloadResponse }: FetchEvent): Promise<Response | undefined> {
  return preloadResponse.then((response?: Response) => (response?.type === 'error' ? Promise.reject() : response))
}

export function withoutFragment(url: string): string {
  return url.split('#')[0]!
}
