import { type Facts, keepable } from './keepable.ts'
import type { Notes } from './notes.ts'
import { KEEP_FILE_BYTES, type ShellStore, TOO_LARGE } from './shell-store.ts'
import { VITE_CLIENT } from './vite.ts'

export interface IntakePorts {
  store: ShellStore
  notes: Notes
  /** What the author named: full URLs. */
  listed: ReadonlySet<string>
  /** The page may come from Vite's development server. */
  local: boolean
}

/** Judges answers and puts by what may be kept. */
export interface Intake {
  /** To be called while the body is unread: it reads a clone. Resolves to whether a copy is kept now; never rejects. */
  take(url: string, response: Response, authorized: boolean, cookieSet: () => Promise<boolean>): Promise<boolean>
  /** These addresses led to `to`, which is kept. Never rejects. */
  takeRedirects(from: readonly string[], to: string): Promise<void>
  /** Keeps nothing more and drops what is kept, for this life of the worker. */
  stepAside(): void
  isAside(): boolean
}

/** An answer on its way into the store. */
interface Found extends Omit<Facts, 'named' | 'cookieSet'> {
  /** Absent when its body is not wanted. */
  copy: Response | undefined
  cookieSet(): Promise<boolean>
}

export function createIntake({ store, notes, listed, local }: IntakePorts): Intake {
  let aside = false

  function stepAside() {
    if (aside) return
    aside = true
    notes.set('', 'nothing of a Vite server is kept')
    void store.drop(() => false).catch(notes.storage)
  }

  async function put(url: string, { copy, cookieSet, ...answer }: Found): Promise<boolean> {
    const path = new URL(url).pathname
    const named = listed.has(url)
    const verdict = keepable({ ...answer, named, cookieSet: await cookieSet() })
    // Nobody named it: the browser asks by itself.
    const unasked = path === '/favicon.ico' && answer.status !== 200
    if (aside || verdict === 'pass' || unasked) return false
    if (local && copy && answer.headers.get('content-type')?.startsWith('text/html')) {
      if ((await copy.clone().text()).includes(VITE_CLIENT)) stepAside()
      if (aside) return false
    }
    let because = verdict === 'keep' ? undefined : verdict.because
    // An older copy outlives errors, but not the word that it is somebody's own.
    if (because && answer.status === 200) await store.drop(other => other !== url)
    if (!because) because = copy ? await store.keep(url, copy, named) : TOO_LARGE
    notes.set(path, because && `${path} is not kept: ${because}`)
    return !because
  }

  return {
    async take(url, response, authorized, cookieSet) {
      const { status, type, headers } = response
      const tooLarge = Number(headers.get('content-length')) > KEEP_FILE_BYTES
      const copy = status === 200 && type !== 'opaque' && !tooLarge ? response.clone() : undefined
      try {
        return await put(url, { status, type, headers, copy, authorized, cookieSet })
      } catch (error) {
        notes.storage(error)
        return false
      } finally {
        void copy?.body?.cancel().catch(() => {})
      }
    },

    async takeRedirects(from, to) {
      try {
        for (const url of from) await store.keep(url, Response.redirect(to))
      } catch (error) {
        notes.storage(error)
      }
    },

    stepAside,
    isAside: () => aside,
  }
}
