import { PASS } from '../src/core/messages.ts'

/**
 * A request that no worker should answer: the page side has it in hand itself, it must outlive its page, or it asks
 * for what the browser has kept, and for nothing else (as Chromium's developer tools do).
 */
export function isLeftAlone({ url, keepalive, cache }: Request): boolean {
  return keepalive || cache === 'only-if-cached' || url.endsWith(`#${PASS}`)
}

export function withoutFragment(url: string): string {
  return url.split('#')[0]!
}
