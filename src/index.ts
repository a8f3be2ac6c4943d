import { checkSettings, optionError, type Settings, type SettingsInput, settingsToQuery } from './core/settings.ts'
import { isSwitchedOff, sessionMemory } from './page/off.ts'
import { createOutrigger, type Outrigger } from './page/outrigger.ts'
import { registerByWorkbox } from './page/register-by-workbox.ts'
import { refuseSecrets } from './page/secrets.ts'
import { settingsHere } from './page/settings-here.ts'

export {
  FailoverError,
  type FailureCode,
  type FailureRecord,
  isFailoverError,
  type Sent,
  type Try,
} from './core/errors.ts'
export type { Settings, SettingsInput } from './core/settings.ts'
export type { Problem, ServerStatus, Status } from './core/status.ts'
export type { Policy, ServerState, State } from './core/types.ts'
export type { Outrigger } from './page/outrigger.ts'

export interface RegisterOptions extends SettingsInput {
  /** What the worker serves; default the folder of its file. */
  scope?: string
  /** `module` for a worker that is an ES module. Default `classic`. */
  type?: WorkerType
  /** False: the page does not cover its own requests while no worker controls it. Default true. */
  cover?: boolean
}

/** A server that hangs must not keep the app from starting. */
const LONGEST_MS = 3_000

const made = new Map<string, Promise<Outrigger>>()

/**
 * Registers the worker at `url` and wraps the page's `fetch` and `XMLHttpRequest` at once. The promise resolves
 * when the worker is registered, or when it is certain that there will be none: then `status.problems` says why, and
 * the page covers its own requests. After three seconds it resolves in any case, and registration goes on.
 *
 * `servers` and `api` are needed for that cover. They, and the other settings, also travel to the worker in the query
 * of its URL, where the prebuilt worker reads them; a worker that calls `outrigger({…})` itself has its own.
 *
 * @throws FailoverError (a TypeError) with code `bad-option` for an option that is unknown, of the wrong type, or holds
 * a user name or password
 */
export async function register(url: string | URL, options: RegisterOptions = {}): Promise<Outrigger> {
  const { scope, type, cover = true, ...rest } = options
  if (type !== undefined && type !== 'classic' && type !== 'module')
    throw optionError('type', "'classic' or 'module'", type)
  if (typeof cover !== 'boolean') throw optionError('cover', 'true or false', cover)
  const base = document.baseURI
  if (!URL.canParse(String(url), base)) throw optionError('url', "the URL of the worker's file", url)
  const worker = new URL(url, base)
  refuseSecrets(rest)
  const settings = settingsHere(checkSettings(rest), base)
  for (const [name, value] of queryOf(settings)) worker.searchParams.append(name, value)
  const there = made.get(worker.href)
  if (there) return there

  const { outrigger, registered } = createOutrigger({
    settings,
    register: registerByWorkbox,
    worker,
    scope: new URL(scope ?? './', scope ? base : worker),
    ...(type && { type }),
    problems: [],
    off: isSwitchedOff(location.search, sessionMemory()),
    late: async () => {
      const core = import('./core/failover.ts').then(({ createFailover }) => createFailover)
      core.catch(() => {})
      return { ...(await import('./page/late.ts')).late, core }
    },
    covers: cover,
  })
  const ready = Promise.race([registered, wait(LONGEST_MS)]).then(() => outrigger)
  made.set(worker.href, ready)
  return ready
}

function wait(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

/** A RegExp or a function cannot travel: then the worker has to be the app's own. */
function queryOf(settings: Settings): Iterable<[string, string]> {
  const { api = [], once = [], reads = [] } = settings
  const travels = [...api, ...once, ...reads].every(rule => typeof rule === 'string')
  return travels ? settingsToQuery(settings) : []
}
