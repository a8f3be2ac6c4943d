import { FailoverError } from '../core/errors.ts'
import { checkSettings, fromText, type Settings, settingNames } from '../core/settings.ts'

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

const isSetting = (name: string) => (settingNames as string[]).includes(name)

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
      if (!isSetting(name)) throw new Error(`there is no such attribute; there are ${attributes()}`)
      Object.assign(tag.settings, checkSettings({ [name]: fromText(name, value.trim()) }))
    } catch (error) {
      tag.problems.push(`data-${dashed(name)}="${value.slice(0, 80)}": ${said(error)}`)
    }
  }
  for (const name of ['servers', 'api'] as const) {
    if (tag.settings[name] === undefined && dataset[name] === undefined)
      tag.problems.push(`data-${name} is missing on the script tag: ${missing[name]}`)
  }
  return tag
}

const missing = {
  servers: 'it names the server list (data-servers="/servers.json") or the servers, separated by spaces',
  api: 'it says which requests to cover (data-api="/api/")',
}

function attributes(): string {
  return [...settingNames, 'worker', 'scope'].map(name => `data-${name}`).join(', ')
}

function dashed(name: string): string {
  return name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
}

function said(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return error instanceof FailoverError ? message.replace(/^Outrigger: /, '') : message
}
