import type { Late } from './late.ts'

/** Where `outrigger-cover.js` leaves its code. */
export const LATE = Symbol.for('outrigger.late')

/**
 * Loads `outrigger-cover.js` from beside our own script: by `import`, which unlike a script
 * tag does not hold up the page's `load` event and takes over the nonce of a policy by itself.
 */
export async function loadLateScript(ownUrl: string): Promise<Late> {
  const src = new URL('outrigger-cover.js', ownUrl).href
  const found = await import(/* @vite-ignore */ src).then(
    () => (globalThis as { [LATE]?: Late })[LATE],
    () => undefined,
  )
  if (found) return found
  throw new Error(`${src} did not load; copy node_modules/outrigger/dist/outrigger-cover.js there`)
}
