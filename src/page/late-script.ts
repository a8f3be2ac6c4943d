import { CORE } from '../core/messages.ts'
import type { Late } from './late.ts'

/** Where `outrigger-cover.js` leaves its code. */
export const LATE = Symbol.for('outrigger.late')

/**
 * Loads `outrigger-cover.js` from beside our own script, and the core that it works with from `outrigger-core.js`, or,
 * where that was not copied, from the worker's file, which holds it too. By `import`, which unlike a script tag does not
 * hold up the page's `load` event and takes over the nonce of a policy by itself.
 */
export async function loadLateScript(ownUrl: string): Promise<Late> {
  const load = (file: string, place: symbol) => loadFile(new URL(file, ownUrl).href, place)
  const core = load('outrigger-core.js', CORE).catch(missing =>
    load('outrigger-sw.js', CORE).catch(() => Promise.reject(missing)),
  ) as Late['core']
  core.catch(() => {})
  const late = (await load('outrigger-cover.js', LATE)) as Omit<Late, 'core'>
  return { ...late, core }
}

async function loadFile(src: string, place: symbol): Promise<unknown> {
  await import(/* @vite-ignore */ src).catch(() => {})
  const found = (globalThis as { [place: symbol]: unknown })[place]
  if (found) return found
  throw new Error(`${src} did not load; copy node_modules/outrigger/dist/${src.split('/').pop()} there`)
}
