import type { Clock, Store } from '../src/core/ports.ts'
import { atMost } from './at-most.ts'

/** No request waits longer than this for what an earlier life remembered. */
const WAIT_MS = 50

/** Between two saves that are not urgent. */
const SPACING_MS = 1_000

export interface Memory {
  /** Resolves when the saved state is known, or took too long; `undefined` from then on. */
  waking(): Promise<void> | undefined
  /** When it is known, however late. */
  loaded: Promise<void>
  isLoaded(): boolean
  /** The state changed. */
  changed(urgent: boolean): void
  /** Nothing is saved from here on. */
  close(): void
}

/** Reads the saved state at once, and saves it when it changes; `read` is asked only then. */
export function createMemory(
  store: Store,
  { restore, read, clock }: { restore(saved: unknown): void; read(): unknown; clock: Clock },
  also: Promise<unknown> = Promise.resolve(),
): Memory {
  let closed = false
  let done = false
  let planned = false
  const loaded = Promise.allSettled([store.load().then(restore), also]).then(() => {
    done = true
  })
  let waiting: Promise<void> | undefined = atMost(WAIT_MS, loaded, clock).then(() => {
    waiting = undefined
  })

  function save() {
    planned = false
    // What was saved before is not overwritten until it was read.
    if (!done) void loaded.then(save)
    else if (!closed) store.save(read())
  }

  return {
    loaded,
    isLoaded: () => done,
    waking: () => waiting,
    changed(urgent) {
      if (urgent) return save()
      if (planned) return
      planned = true
      clock.after(SPACING_MS, () => planned && save())
    },
    close() {
      closed = true
    },
  }
}
