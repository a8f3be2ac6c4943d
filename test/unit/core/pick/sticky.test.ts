import { expect, test } from 'vitest'
import { noWrites, stayWith, wrote } from '../../../../src/core/pick/sticky.ts'
import { peer } from './peers.ts'

const AFTER = 10_000
const a = peer('https://a.example/')
const b = peer('https://b.example/')

test('before the first write nothing stays anywhere', () => {
  expect(stayWith(noWrites(), '/x', true, AFTER, 5)).toBeUndefined()
  expect(stayWith(noWrites(), '/x', false, AFTER, 5)).toBeUndefined()
})

test('reads of any path stay with the server of the last write for the given time', () => {
  const writes = noWrites()
  wrote(writes, a, '/x', false, 1_000)
  wrote(writes, b, '/x', false, 2_000)
  expect(stayWith(writes, '/other', true, AFTER, 11_999)).toBe(b.id)
  expect(stayWith(writes, '/other', true, AFTER, 12_000)).toBeUndefined()
})

test('a write that did not move pins no later write', () => {
  const writes = noWrites()
  wrote(writes, a, '/x', false, 1_000)
  expect(stayWith(writes, '/x', false, AFTER, 1_001)).toBeUndefined()
})

test('a write that moved keeps later writes to its path alone, six times as long as reads', () => {
  const writes = noWrites()
  wrote(writes, b, '/x', true, 1_000)
  expect(stayWith(writes, '/x', false, AFTER, 60_999)).toBe(b.id)
  expect(stayWith(writes, '/y', false, AFTER, 1_001)).toBeUndefined()
  expect(stayWith(writes, '/x', false, AFTER, 61_000)).toBeUndefined()
})

test('of more than 64 moved paths the oldest are forgotten', () => {
  const writes = noWrites()
  for (let i = 0; i < 70; i++) wrote(writes, b, `/${i}`, true, 1_000 + i)
  expect(Object.keys(writes.paths)).toHaveLength(64)
  expect(stayWith(writes, '/5', false, AFTER, 1_100)).toBeUndefined()
  expect(stayWith(writes, '/6', false, AFTER, 1_100)).toBe(b.id)
})
