import { isRecord } from '../src/core/check.ts'
import { checkSettings, optionError, type Settings, type SettingsInput } from '../src/core/settings.ts'
import type { ShellRule } from './shell.ts'

/** What `outrigger()` takes in a worker. */
export interface OutriggerOptions extends Omit<SettingsInput, 'shell'> {
  /**
   * What is kept for the time when the page's own server is gone: all it loads (`auto`),
   * these files, or nothing (`false`, the default in an app's own worker). With a shell,
   * navigation preload is on: routes of the app that answer navigations should use
   * `event.preloadResponse`, or the server is asked twice.
   */
  shell?: 'auto' | false | string | readonly string[]
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
  const { claim = false, skipWaiting = false, ...rest } = isRecord(input) ? (input as OutriggerOptions) : {}
  for (const [name, value] of Object.entries({ claim, skipWaiting }))
    if (typeof value !== 'boolean') throw optionError(name, 'true or false', value)
  return { shell: false, ...checkSettings(isRecord(input) ? rest : input), claim, skipWaiting }
}
