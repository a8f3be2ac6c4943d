import { checkSettings, optionError, type Settings, type SettingsInput } from '../src/core/settings.ts'
import type { ShellEntry, ShellRule } from './shell.ts'

/** What `outrigger()` takes in a worker. */
export interface OutriggerOptions extends Omit<SettingsInput, 'shell'> {
  /**
   * What is kept for the time when the page's own server is gone: all it loads (`auto`),
   * these files, or nothing (`false`, the default in an app's own worker). With a shell,
   * navigation preload is on: routes of the app that answer navigations should use
   * `event.preloadResponse`, or the server is asked twice.
   */
  shell?: 'auto' | false | string | readonly (string | { url: string; revision?: string | null })[]
  /** Take over pages that are open already, as soon as the worker is active. Default false. */
  claim?: boolean
  /** Replace an older worker without waiting for its pages to close. Default false. */
  skipWaiting?: boolean
}

/** The same, checked. */
export interface WorkerSettings extends Omit<Settings, 'shell'> {
  shell: ShellRule | false
  claim: boolean
  skipWaiting: boolean
}

/** @throws FailoverError (a TypeError) that names the option and what was expected */
export function checkOptions(input: unknown): WorkerSettings {
  if (typeof input !== 'object' || input === null) return checkSettings(input) as never
  const { claim = false, skipWaiting = false, shell = false, ...rest } = input as OutriggerOptions
  for (const [name, value] of Object.entries({ claim, skipWaiting }))
    if (typeof value !== 'boolean') throw optionError(name, 'true or false', value)
  const entries = Array.isArray(shell) ? shell.map(toEntry) : undefined
  const checked = checkSettings({ ...rest, shell: entries ? entries.map(entry => entry.url) : shell })
  const rule = Array.isArray(checked.shell) ? (entries ?? checked.shell.map(toEntry)) : checked.shell
  return { ...checked, shell: rule as ShellRule | false, claim, skipWaiting }
}

function toEntry(value: unknown): ShellEntry {
  if (typeof value === 'string') return { url: value }
  const { url, revision } = (value ?? {}) as { url?: unknown; revision?: unknown }
  if (typeof url !== 'string') throw optionError('shell', 'auto, false, or paths, or entries with a url', value)
  // Workbox writes null where the URL itself changes with the content.
  if (revision === null) return { url, revision: '' }
  if (revision !== undefined && typeof revision !== 'string')
    throw optionError('shell', 'revisions that are texts', revision)
  return { url, ...(revision !== undefined && { revision }) }
}
