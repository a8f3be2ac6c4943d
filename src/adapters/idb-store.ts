import type { Store } from '../core/ports.ts'
import { clock } from './system.ts'

const storeName = 'state'

/** A database that gives no answer for so long is done without. */
const LONGEST_MS = 3_000

/** One connection for all records: opening costs twice as much as reading. */
let connection: Promise<IDBDatabase> | undefined

function connect(name: string): Promise<IDBDatabase> {
  connection ??= open(name)
  connection.catch(forget)
  return connection
}

/** Async, for in sandboxed frames the mere look at `indexedDB` throws. */
async function open(name: string): Promise<IDBDatabase> {
  const opening = indexedDB.open(name, 1)
  opening.onupgradeneeded = () => opening.result.createObjectStore(storeName)
  const database = await outcome(opening)
  // Somebody deletes the database: let go, or they wait for us.
  database.onversionchange = () => void disconnect()
  // `Clear-Site-Data`, or an engine that is short of something.
  database.onclose = forget
  return database
}

/** The result of a request; of a transaction, that it is done. */
function outcome<T = void>(asked: IDBRequest<T> | IDBTransaction): Promise<T> {
  const either = asked as IDBRequest<T> & IDBTransaction
  return new Promise((resolve, reject) => {
    either.onsuccess = either.oncomplete = () => resolve(either.result)
    // A transaction hears of its requests' errors before it has one of its own.
    either.onerror = either.onabort = ({ target }: Event) => reject((target as IDBRequest).error)
    clock.after(LONGEST_MS, () => reject('no answer'))
  })
}

function forget(): void {
  connection = undefined
}

async function disconnect(): Promise<void> {
  const last = connection
  forget()
  await last?.then(database => database.close()).catch(() => {})
}

/**
 * One record in the IndexedDB of this name, the same for all, held in memory from the first look on.
 *
 * Where there is no IndexedDB, or it is blocked (private windows, full disks), memory is all
 * there is; `problem` hears of that once.
 */
export function createStore(name: string, key: string, problem?: (message: string) => void): Store {
  let state: unknown
  let known = false
  let planned = false
  let last: Promise<unknown> = Promise.resolve()
  let complained = false

  function complain(error: unknown): void {
    if (complained) return
    complained = true
    problem?.(`IndexedDB cannot be used (${error}): nothing is remembered`)
  }

  async function write(): Promise<unknown> {
    const writing = (await connect(name)).transaction(storeName, 'readwrite')
    writing.objectStore(storeName).put(state, key)
    return outcome(writing)
  }

  return {
    async load() {
      if (known) return state
      const saved = await connect(name)
        .then(database => outcome(database.transaction(storeName).objectStore(storeName).get(key)))
        .catch(complain)
      // A save may have come while we read.
      if (!known) {
        known = true
        state = saved
      }
      return state
    },
    save(next) {
      state = next
      known = true
      if (planned) return
      planned = true
      // Behind the one that is being written; what comes until then goes with it.
      last = last.then(() => {
        planned = false
        // A connection that was cut under our feet is made anew, once.
        return write()
          .catch(() => {
            forget()
            return write()
          })
          .catch(complain)
      })
    },
  }
}

/** Deletes everything remembered. Other tabs let go of it too. */
export async function deleteStores(name: string): Promise<void> {
  await disconnect()
  await outcome(indexedDB.deleteDatabase(name))
}
