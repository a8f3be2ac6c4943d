import { expect, test } from 'vitest'
import type { Attempt } from '../../../../src/core/call/attempt.ts'
import {
  after,
  candidates,
  createRun,
  isAlone,
  openAttempts,
  triesLeft,
  untried,
} from '../../../../src/core/call/run.ts'
import type { Peer } from '../../../../src/core/types.ts'
import { call } from '../pick/peers.ts'
import { a, b, c, world } from './scene.ts'

function scene(servers: readonly Peer[] = [a, b, c]) {
  let ejections = 5
  const parts = world(servers, { ejections: () => ejections })
  const run = createRun(parts.world, call(), a, { send() {}, conclude() {}, fail() {} })
  const tried = (peer: Peer, ended: boolean) => run.attempts.push({ peer, ended } as Attempt)
  return { ...parts, run, tried, eject: () => ejections++ }
}

test('a request has two tries, and one more for each server ejected since it began', () => {
  const { run, tried, eject } = scene()
  tried(a, true)
  expect(triesLeft(run)).toBe(true)
  tried(b, true)
  expect(triesLeft(run)).toBe(false)
  eject()
  expect(triesLeft(run)).toBe(true)
  tried(c, true)
  expect(triesLeft(run)).toBe(false)
})

test('no server is tried twice, whether its try has ended or not', () => {
  const { run, tried } = scene()
  tried(b, true)
  tried(a, false)
  expect(untried(run)).toEqual([c])
  expect(openAttempts(run).map(({ peer }) => peer)).toEqual([a])
})

test('a request with one server is alone, with two it is not', () => {
  expect(isAlone(scene([a]).run)).toBe(true)
  expect(isAlone(scene([a, b]).run)).toBe(false)
})

test('a second server is remembered from the first look that finds one; who is alone now is looked at anew', () => {
  const servers = [a]
  const { run } = scene(servers)
  candidates(run)
  expect(run.company).toBeUndefined()
  servers.push(b)
  expect(isAlone(run)).toBe(false)
  expect(run.company).toBe(b)
  servers.pop()
  expect(isAlone(run)).toBe(true)
  expect(run.company).toBe(b)
})

test('what waits comes at its time, unless the request has ended', () => {
  const { run, clock } = scene()
  const log: number[] = []
  after(run, 100, () => log.push(100))
  after(run, 200, () => log.push(200))
  clock.run(100)
  expect([log, run.timers.size]).toEqual([[100], 1])
  run.finished = true
  clock.run(100)
  expect([log, run.timers.size]).toEqual([[100], 0])
})
