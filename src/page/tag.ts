import { checkSettings, fromText, type Settings } from '../core/settings.ts'

/** What a script tag says. */
export interface Tag {
  settings: Settings
  /** URL of the worker's file as written; default `/outrigger-sw.js`. */
  worker: string
  scope?: string
  /** What was wrong in it, in words for its author. */
  problems: string[]
}

/** Attributes that hosts and frameworks put on every script. */
const foreign = /^(cf.*|turbo.*|(no|rh|n|v|astro|nscript|pagespeed)([A-Z].*)?|precedence|href|hid|vmid)$/

/** What a tag cannot do without, and an example of each. */
const needed = { servers: '/servers.json', api: '/api/' }

/**
 * Reads the `data-` attributes of our script tag. What is wrong is left out and told: the page works on
 * with the rest.
 */
export function readTag(dataset: Readonly<Record<string, string | undefined>>): Tag {
  const tag: Tag = { settings: {}, worker: dataset.worker?.trim() || '/outrigger-sw.js', problems: [] }
  if (dataset.scope) tag.scope = dataset.scope.trim()
  for (const [name, value = ''] of Object.entries(dataset)) {
    if (name === 'worker' || name === 'scope' || foreign.test(name)) continue
    try {
      Object.assign(tag.settings, checkSettings({ [name]: fromText(name, value.trim()) }))
    } catch (error) {
      tag.problems.push(
        `data-${dashed(name)}="${value.slice(0, 80)}": ${(error as Error).message.replace('Outrigger: ', '')}`,
      )
    }
  }
  for (const [name, example] of Object.entries(needed))
    if (!(name in dataset)) tag.problems.push(`the script tag needs data-${name}, like data-${name}="${example}"`)
  return tag
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
