import type { Late } from './late.ts'

/** Where `outrigger-cover.js` leaves its code. */
export const LATE = Symbol.for('outrigger.late')

/** Loads `outrigger-cover.js` from beside our own script. */
export function loadLateScript(own: HTMLScriptElement): Promise<Late> {
  const src = new URL('outrigger-cover.js', own.src).href
  return new Promise((resolve, reject) => {
    const script = document.createElement('script')
    const { nonce, crossOrigin } = own
    Object.assign(script, { src, nonce, async: true, ...(crossOrigin !== null && { crossOrigin }) })
    const wrong = (how: string) =>
      reject(new Error(`${src} ${how}; copy node_modules/outrigger/dist/outrigger-cover.js there`))
    script.onload = () => {
      const left = (globalThis as { [LATE]?: Late })[LATE]
      if (left) resolve(left)
      else wrong('is another file')
    }
    script.onerror = () => wrong('did not load')
    document.head.append(script)
  })
}
