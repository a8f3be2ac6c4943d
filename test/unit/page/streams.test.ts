import { beforeEach, expect, test } from 'vitest'
import { createStreams, PING_EVERY_MS } from '../../../src/page/streams.ts'

let now = 0
let pings = 0
let starts = 0
const streams = () =>
  createStreams(
    () => now,
    () => pings++,
    () => starts++,
  )
beforeEach(() => {
  now = pings = starts = 0
})

test('a call is pinged for once it is five seconds old', () => {
  const calls = streams()
  calls.begin('https://a.example/x')
  expect(starts).toBe(1)
  now = PING_EVERY_MS / 2 - 1
  expect(calls.tick()).toBe(true)
  expect(pings).toBe(0)
  now = PING_EVERY_MS
  expect(calls.tick()).toBe(true)
  expect(pings).toBe(1)
})

test('pings stop when nothing streams', () => {
  const calls = streams()
  const end = calls.begin('https://a.example/x')
  calls.begin('https://a.example/y')
  end()
  calls.arrived('https://a.example/y')
  now = 2 * PING_EVERY_MS
  expect(calls.tick()).toBe(false)
  expect(pings).toBe(0)
})

test('whoever began a call hears of its end once', () => {
  const calls = streams()
  const heard: string[] = []
  const end = calls.begin('https://a.example/x', () => heard.push('x'))
  calls.begin('https://a.example/y', () => heard.push('y'))
  calls.arrived('https://a.example/x')
  end()
  expect(heard).toEqual(['x'])
})

test('one end of two equal calls leaves the other one open', () => {
  const calls = streams()
  calls.begin('https://a.example/x')
  calls.begin('https://a.example/x')
  calls.arrived('https://a.example/x')
  now = PING_EVERY_MS
  expect(calls.tick()).toBe(true)
  expect(pings).toBe(1)
})

test('a call whose end nobody told of is forgotten in the end', () => {
  const calls = streams()
  calls.begin('https://a.example/x')
  now = 7 * 3_600_000
  expect(calls.tick()).toBe(false)
})
