import { checkSettings, fromText, type Settings } from '../core/settings.ts'
import { hideSecrets, noSecrets } from './secrets.ts'

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

/** A comma with another URL, path, host or number behind it; JSON and queries have commas of their own. */
const commas = /^[^?[]*,(\s|\/|\w+[.:]|$)/

/** What a tag cannot do without, and an example of each. */
const needed = { servers: '/servers.json', api: '/api/' }

/**
 * Reads the `data-` attributes of our script tag. What is wrong is left out and told: the page works on
 * with the rest.
 */
export function readTag(dataset: Readonly<Record<string, string | undefined>>): Tag {
  const tag: Tag = { settings: {}, worker: '/outrigger-sw.js', problems: [] }
  for (const [name, text = ''] of Object.entries(dataset)) {
    if (foreign.test(name)) continue
    const value = text.trim()
    try {
      // As options these might pass; in a tag they can only be slips.
      if (hideSecrets(value) !== value) throw Error(noSecrets)
      if (commas.test(value)) throw Error('separate by spaces, not by commas')
      if (name !== 'worker' && name !== 'scope')
        Object.assign(tag.settings, checkSettings({ [name]: fromText(name, value) }))
      else if (!URL.canParse(value, 'http://a.example')) throw Error('must be a path or a URL')
      else if (value) tag[name] = value
    } catch (error) {
      const wrong = (error as Error).message.replace('Outrigger: ', '')
      tag.problems.push(`data-${dashed(name)}="${hideSecrets(value).slice(0, 80)}": ${wrong}`)
    }
  }
  for (const [name, example] of Object.entries(needed))
    if (!(name in dataset)) tag.problems.push(`the script tag needs data-${name}, like data-${name}="${example}"`)
  return tag
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}
