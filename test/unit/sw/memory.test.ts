import { expect, test } from 'vitest'
import { createMemory } from '../../../sw/memory.ts'
import { createClock, createMemoryStore } from './fakes.ts'

function setUp(saved?: unknown) {
  const clock = createClock()
  const store = createMemoryStore(saved)
  const restored: unknown[] = []
  let version = 0
  const memory = createMemory(store, { clock, restore: state => void restored.push(state), read: () => ++version })
  return { clock, store, restored, memory }
}

test('what was saved is restored once, and then nothing waits', async () => {
  const { memory, restored, clock } = setUp({ salt: 1 })
  expect(memory.waking()).toBeDefined()
  await clock.pass(0)
  expect(restored).toEqual([{ salt: 1 }])
  expect(memory.waking()).toBeUndefined()
})

test('nobody waits longer than 50 ms for it', async () => {
  const clock = createClock()
  const store = { load: () => new Promise(() => {}), save() {} }
  const memory = createMemory(store, { clock, restore() {}, read: () => 0 })
  await clock.pass(49)
  expect(memory.waking()).toBeDefined()
  await clock.pass(1)
  expect(memory.waking()).toBeUndefined()
})

test('changes are saved once a second, urgent ones at once', async () => {
  const { memory, store, clock } = setUp()
  memory.changed(false)
  memory.changed(false)
  await clock.pass(999)
  expect(store.saves).toEqual([])
  await clock.pass(1)
  expect(store.saves).toEqual([1])
  memory.changed(false)
  memory.changed(true)
  await clock.pass(2_000)
  expect(store.saves.slice(1)).toEqual([2])
})

test('nothing is saved once it is closed', async () => {
  const { memory, store, clock } = setUp()
  memory.changed(false)
  memory.close()
  memory.changed(true)
  await clock.pass(2_000)
  expect(store.saves).toEqual([])
})

test('nothing is saved over what was not read yet', async () => {
  const clock = createClock()
  const saves: unknown[] = []
  let found: (saved: unknown) => void = () => {}
  const store = {
    load: () => new Promise(resolve => (found = resolve)),
    save: (state: unknown) => void saves.push(state),
  }
  let state: unknown = 'new'
  const memory = createMemory(store, { clock, restore: saved => (state = saved), read: () => state })
  memory.changed(true)
  await clock.pass(100)
  expect(saves).toEqual([])
  found('old')
  await clock.pass(0)
  expect(saves).toEqual(['old'])
})
