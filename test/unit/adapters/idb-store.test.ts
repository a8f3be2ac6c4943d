import { expect, test } from 'vitest'
import { createStore } from '../../../src/adapters/idb-store.ts'

test('without IndexedDB memory is all there is, and it is said once', async () => {
  const problems: string[] = []
  const store = createStore('outrigger:test', 'memory', message => problems.push(message))
  expect(await store.load()).toBeUndefined()
  store.save({ a: 1 })
  store.save({ a: 2 })
  expect(await store.load()).toEqual({ a: 2 })
  expect(problems).toEqual([expect.stringContaining('IndexedDB cannot be used')])
})
