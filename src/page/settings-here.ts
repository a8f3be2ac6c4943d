import type { Settings } from '../core/settings.ts'

/**
 * The same settings with every URL meant from the page, so that a worker in another folder means the
 * same. On the page's own origin they stay paths.
 */
export function settingsHere(settings: Settings, base: string): Settings {
  const here = <T>(rule: T) => (typeof rule === 'string' ? shortUrl(rule, base) : rule)
  const { servers, api, once, reads } = settings
  return {
    ...settings,
    servers: here(servers),
    api: api?.map(here),
    once: once?.map(here),
    reads: reads?.map(here),
  }
}

function shortUrl(text: string, base: string): string {
  if (!URL.canParse(text, base)) return text
  const url = new URL(text, base)
  return url.origin === new URL(base).origin ? url.pathname + url.search : url.href
}
