import { expect, test } from 'vitest'
import { createBucket, earn, empty, pay, payForRace } from '../../../../src/core/call/bucket.ts'
import { defaults } from '../../../../src/core/options.ts'

const NOW = 1_700_000_000_000

test('a client starts with two tokens and cannot pay a third', () => {
  const bucket = createBucket(defaults)
  expect([1, 1, 1].map(cost => pay(bucket, cost))).toEqual([1, 1, 0])
  expect(bucket.tokens).toBe(0)
})

test('what cannot be paid whole is not paid at all', () => {
  const bucket = { tokens: 0.5, emptiedAt: 0 }
  expect(pay(bucket, defaults.retryCost)).toBe(0)
  expect(bucket.tokens).toBe(0.5)
  expect(pay(bucket, defaults.fastRetryCost)).toBe(0.25)
  expect(bucket.tokens).toBe(0.25)
})

test('good answers fill it, to three tokens at most', () => {
  const bucket = { tokens: 0, emptiedAt: 0 }
  for (let i = 0; i < 5; i++) earn(bucket, defaults.tokensPerSuccess, defaults)
  expect(bucket.tokens).toBeCloseTo(0.5)
  for (let i = 0; i < 100; i++) earn(bucket, defaults.tokensPerSuccess, defaults)
  expect(bucket.tokens).toBe(3)
})

test('a race costs a token', () => {
  const bucket = createBucket(defaults)
  expect(payForRace(bucket, 2_000, NOW, defaults)).toBe(1)
  expect(bucket.tokens).toBe(1)
})

test('without a token only a read of 10 s is raced', () => {
  const bucket = { tokens: 0, emptiedAt: 0 }
  expect(payForRace(bucket, 9_999, NOW, defaults)).toBe(0)
  expect(payForRace(bucket, 10_000, NOW, defaults)).toBe(1)
})

test('after a race not clearly won nothing is raced for a minute, however old', () => {
  const bucket = createBucket(defaults)
  empty(bucket, NOW)
  expect(bucket.tokens).toBe(0)
  expect(payForRace(bucket, 60_000, NOW + 60_000, defaults)).toBe(0)
  expect(payForRace(bucket, 60_001, NOW + 60_001, defaults)).toBe(1)
})

test('ten good answers earn a whole token', () => {
  const bucket = { tokens: 0, emptiedAt: 0 }
  for (let i = 0; i < 10; i++) earn(bucket, defaults.tokensPerSuccess, defaults)
  expect(pay(bucket, 1)).toBe(1)
})
