import { expect, test } from 'vitest'
import { createBucket, earn, empty, type Payer, pay } from '../../../../src/core/call/bucket.ts'
import { defaults } from '../../../../src/core/options.ts'

const NOW = 1_700_000_000_000
const somebody = (): Payer => ({ paid: 0 })

test('a client starts with two tokens and cannot pay a third', () => {
  const bucket = createBucket(defaults)
  expect([1, 1, 1].map(cost => pay(somebody(), bucket, cost))).toEqual([true, true, false])
  expect(bucket.tokens).toBe(0)
})

test('what cannot be paid whole is not paid at all', () => {
  const bucket = { tokens: 0.5, emptiedAt: 0 }
  const one = somebody()
  expect(pay(one, bucket, defaults.retryCost)).toBe(false)
  expect([bucket.tokens, one.paid]).toEqual([0.5, 0])
  expect(pay(one, bucket, defaults.fastRetryCost)).toBe(true)
  expect([bucket.tokens, one.paid]).toEqual([0.25, 0.25])
})

test('a whole token is enough for two moves, a part of one for one', () => {
  for (const [cost, left] of [
    [defaults.retryCost, [1, 1, 0, 0]],
    [defaults.fastRetryCost, [1.75, 1.5, 1.25, 1]],
  ] as const) {
    const bucket = createBucket(defaults)
    const one = somebody()
    const after = [1, 2, 3, 4].map(() => {
      pay(one, bucket, cost)
      return bucket.tokens
    })
    expect(after).toEqual(left)
    expect(one.paid).toBe(2 - left[3])
  }
})

test('good answers fill it, to three tokens at most', () => {
  const bucket = { tokens: 0, emptiedAt: 0 }
  for (let i = 0; i < 5; i++) earn(bucket, defaults.tokensPerSuccess, defaults)
  expect(bucket.tokens).toBeCloseTo(0.5)
  for (let i = 0; i < 100; i++) earn(bucket, defaults.tokensPerSuccess, defaults)
  expect(bucket.tokens).toBe(3)
})

test('a race that was not clearly won empties it', () => {
  const bucket = createBucket(defaults)
  empty(bucket, NOW)
  expect(bucket).toEqual({ tokens: 0, emptiedAt: NOW })
})

test('ten good answers earn a whole token', () => {
  const bucket = { tokens: 0, emptiedAt: 0 }
  for (let i = 0; i < 10; i++) earn(bucket, defaults.tokensPerSuccess, defaults)
  expect(pay(somebody(), bucket, 1)).toBe(true)
})
