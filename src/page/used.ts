/** Signs of use closer together than this count as one. */
export const USED_EVERY_MS = 5_000

/** Calls `then` when the person does something that a request may follow, every five seconds at most. */
export function whenUsed(then: () => void): void {
  let last = Number.NEGATIVE_INFINITY
  const hear = () => {
    const now = performance.now()
    if (document.visibilityState === 'hidden' || now - last < USED_EVERY_MS) return
    last = now
    then()
  }
  const quiet = { passive: true, capture: true }
  for (const type of ['pointerdown', 'keydown']) window.addEventListener(type, hear, quiet)
  document.addEventListener('visibilitychange', hear, quiet)
}
