import type { CreateCover } from './cover.ts'

/** Where `outrigger-cover.js` leaves its code. */
export const COVER = Symbol.for('outrigger.cover')

/** Loads `outrigger-cover.js` from beside our own script. */
export function loadCoverScript(own: HTMLScriptElement): Promise<CreateCover> {
  const src = new URL('outrigger-cover.js', own.src).href
  const left = () => (globalThis as { [COVER]?: CreateCover })[COVER]
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    const { nonce, crossOrigin } = own
    Object.assign(script, { src, nonce, async: true, ...(crossOrigin !== null && { crossOrigin }) })
    script.onload = () => {
      const create = left()
      if (create) resolve(create)
      else reject(new Error(`${src} is not our file; copy node_modules/outrigger/dist/outrigger-cover.js there`))
    }
    script.onerror = () =>
      reject(new Error(`${src} did not load; copy node_modules/outrigger/dist/outrigger-cover.js there`))
    document.head.append(script)
  })
}
