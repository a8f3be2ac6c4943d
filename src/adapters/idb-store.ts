import { deleteDB, type IDBPDatabase, openDB } from 'idb'
import type { Store } from '../core/ports.ts'

const databaseName = 'outrigger'
const storeName = 'state'

/** One connection for all records: opening costs twice as much as reading. */
let connection: Promise<IDBPDatabase> | undefined

function connect(): Promise<IDBPDatabase> {
  connection ??= open()
  connection.catch(forget)
  return connection
}

/** Async, for in sandboxed frames the mere look at `indexedDB` throws. */
async function open(): Promise<IDBPDatabase> {
  return openDB(databaseName, 1, {
    upgrade: database => void database.createObjectStore(storeName),
    // Somebody deletes the database: let go, or they wait for us.
    blocking: () => void disconnect(),
    terminated: forget,
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
 * One record in IndexedDB, held in memory from the first look on.
 *
 * Where there is no IndexedDB, or it is blocked (private windows, full disks), memory is all
 * there is; `problem` hears of that once.
 */
export function createStore(key: string, problem?: (message: string) => void): Store {
  let state: unknown
  let known = false
  let planned = false
  let last: Promise<unknown> = Promise.resolve()
  let complained = false

  function complain(error: unknown): void {
    if (complained) return
    complained = true
    problem?.(`IndexedDB cannot be used (${error instanceof Error ? error.message : error}): nothing is remembered`)
  }

  return {
    async load() {
      if (known) return state
      const saved = await connect()
        .then(database => database.get(storeName, key))
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
      last = last
        .then(() => {
          planned = false
          return connect()
        })
        .then(database => database.put(storeName, state, key))
        .catch(complain)
    },
  }
}

/** Deletes everything remembered. Other tabs let go of it too. */
export async function deleteStores(): Promise<void> {
  await disconnect()
  await deleteDB(databaseName)
}
