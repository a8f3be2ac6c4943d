/**
 * Reads what the worker remembers in the database of this name, without taking part in it: nothing is created, nothing kept open.
 * Resolves with `undefined` for each record that is not there or cannot be read.
 */
export function readSaved(name: string, keys: readonly string[]): Promise<unknown[]> {
  return new Promise(resolve => {
    const none = () => resolve(keys.map(() => undefined))
    try {
      const opening = indexedDB.open(name)
      // There is no such database: an empty one of ours would stand in the worker's way.
      opening.onupgradeneeded = () => opening.transaction?.abort()
      opening.onerror = opening.onblocked = none
      opening.onsuccess = () => {
        const database = opening.result
        try {
          const store = database.transaction('state').objectStore('state')
          const requests = keys.map(key => store.get(key))
          store.transaction.oncomplete = () => resolve(requests.map(request => request.result))
          store.transaction.onabort = none
        } catch {
          none()
        }
        database.close()
      }
    } catch {
      none()
    }
  })
}
