import { expect, test } from 'vitest'
import { isSwitchedOff } from '../../../src/page/off.ts'

function memory() {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
}

test('off is remembered for the session until on', () => {
  const storage = memory()
  expect(isSwitchedOff('', storage)).toBe(false)
  expect(isSwitchedOff('?a=1&outrigger=off', storage)).toBe(true)
  expect(isSwitchedOff('', storage)).toBe(true)
  expect(isSwitchedOff('?outrigger=on', storage)).toBe(false)
  expect(isSwitchedOff('', storage)).toBe(false)
})

test('without storage only the URL counts', () => {
  const blocked = () => {
    throw new DOMException('denied', 'SecurityError')
  }
  const storage = { getItem: blocked, setItem: blocked, removeItem: blocked }
  for (const one of [undefined, storage]) {
    expect(isSwitchedOff('?outrigger=off', one)).toBe(true)
    expect(isSwitchedOff('', one)).toBe(false)
    expect(isSwitchedOff('?outrigger=on', one)).toBe(false)
  }
})
