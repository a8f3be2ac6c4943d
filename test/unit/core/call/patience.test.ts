import { describe, expect, test } from 'vitest'
import type { Attempt } from '../../../../src/core/call/attempt.ts'
import { lookAround, watchSilence } from '../../../../src/core/call/patience.ts'
import { createRun } from '../../../../src/core/call/run.ts'
import type { Call } from '../../../../src/core/types.ts'
import { call } from '../pick/peers.ts'
import { type Answers, a, b, c, silent, world } from './scene.ts'

type Verdict = 'answers' | 'dead' | 'unknown'

/** A request whose try at A is open; looks end at once with `verdict.now`. Times count from its start. */
function scene(first: Verdict, changes: Partial<Answers> = {}, fields: Partial<Call> = {}) {
  const verdict = { now: first }
  const looks: number[] = []
  const log: string[] = []
  const parts = world([a, b, c], {
    look(_waiting, end) {
      looks.push(parts.clock.now() - startedAt)
      end(verdict.now, [])
    },
    ...changes,
  })
  const { clock } = parts
  const startedAt = clock.now()
  const run = createRun(parts.world, call(fields), a, {
    send: ({ id }, race) => log.push(`${clock.now() - startedAt} ${id} ${race}`),
    conclude() {
      log.push(`${clock.now() - startedAt} failed`)
      run.finished = true
    },
    fail() {},
  })
  const attempt = {
    peer: a,
    stamp: startedAt,
    sentAt: startedAt,
    ended: false,
    stalled: false,
    looks: 0,
    age: () => clock.now() - startedAt,
    abort() {
      attempt.ended = true
    },
  } as Attempt
  run.attempts.push(attempt)
  return { ...parts, run, attempt, looks, log, verdict }
}

test('looks come 2, 4, 8 s after the last, then every 10 s, while the try is open', () => {
  const { run, attempt, clock, looks } = scene('answers', { overtake: false })
  lookAround(run, attempt)
  clock.run(34_000)
  expect(looks).toEqual([0, 2_000, 6_000, 14_000, 24_000, 34_000])
  attempt.ended = true
  clock.run(60_000)
  expect(looks).toHaveLength(6)
})

test('while there is nobody else nobody is looked at; once there is, somebody is', () => {
  const servers = [a]
  const { run, attempt, clock, looks, log } = scene('unknown', { order: () => servers })
  lookAround(run, attempt)
  clock.run(60_000)
  expect([looks, log]).toEqual([[], []])
  servers.push(b)
  clock.run(2_000)
  expect(looks).toEqual([62_000])
})

describe('a slow read', () => {
  test('is raced once, at 2 s, by the next server, for a token', () => {
    const { run, attempt, clock, log, world } = scene('answers')
    lookAround(run, attempt)
    clock.run(60_000)
    expect(log).toEqual([`2000 ${b.id} true`])
    expect(world.races.tokens).toBe(1)
  })

  test('whose held body stalled is raced at once', () => {
    const { run, attempt, log } = scene('answers')
    Object.assign(attempt, { stalled: true, answer: { status: 200 } })
    lookAround(run, attempt)
    expect(log).toEqual([`0 ${b.id} true`])
  })

  test('whose headers came meanwhile is not raced', () => {
    const { run, attempt, clock, log } = scene('answers')
    lookAround(run, attempt)
    Object.assign(attempt, { answer: { status: 200 } })
    clock.run(60_000)
    expect(log).toEqual([])
  })

  test('is not raced by a server that is silent itself, but by the next', () => {
    const { run, attempt, clock, log, lives } = scene('answers')
    lives[b.id] = silent
    lookAround(run, attempt)
    clock.run(2_000)
    expect(log).toEqual([`2000 ${c.id} true`])
  })

  test('without a token is raced at 10 s at the earliest', () => {
    const { run, attempt, clock, log, world } = scene('answers')
    world.races.tokens = 0
    lookAround(run, attempt)
    clock.run(60_000)
    expect(log).toEqual([`10000 ${b.id} true`])
  })

  test('nor then within a minute after a race that was not clearly won', () => {
    const { run, attempt, clock, log, world } = scene('answers')
    Object.assign(world.races, { tokens: 0, emptiedAt: clock.now() })
    lookAround(run, attempt)
    clock.run(60_000)
    expect(log).toEqual([])
    clock.run(10_000)
    expect(log).toEqual([`64000 ${b.id} true`])
  })

  test.each<[string, Partial<Answers>, Partial<Call>]>([
    ['when overtaking is off', { overtake: false }, {}],
    ['lately after a write', { wroteLately: () => true }, {}],
    ['when no other server is in service', { inService: () => false }, {}],
    ['when it is a PUT', {}, { method: 'PUT' }],
    ['when it is a POST with a key', {}, { method: 'POST', idempotencyKey: true }],
    ['when it is sent once', {}, { repeatable: false }],
  ])('is not raced %s', (_when, changes, fields) => {
    const { run, attempt, clock, log } = scene('answers', changes, fields)
    lookAround(run, attempt)
    clock.run(60_000)
    expect(log).toEqual([])
  })
})

describe('when nobody answers', () => {
  test('a read ends 10 s after anything at all was heard', () => {
    const { run, attempt, clock, log } = scene('unknown')
    lookAround(run, attempt)
    clock.run(9_999)
    expect(log).toEqual([])
    clock.run(1)
    expect(log).toEqual(['10000 failed'])
    expect(attempt.ended).toBe(true)
    expect(run.tries).toMatchObject([{ server: a.id, reason: 'silent', ms: 10_000 }])
  })

  test('every sign of life of any server gives a read 10 s more', () => {
    let heardAny = 0
    const { run, clock, log } = scene('unknown', { heardAny: () => heardAny })
    watchSilence(run)
    clock.run(6_000)
    heardAny = clock.now()
    clock.run(9_999)
    expect(log).toEqual([])
    clock.run(1)
    expect(log).toEqual(['16000 failed'])
  })

  test('a write that is sent once waits for its own server alone', () => {
    const { run, clock, log } = scene('unknown', { heardAny: () => clock.now() }, { method: 'POST' })
    watchSilence(run)
    clock.run(10_000)
    expect(log).toEqual(['10000 failed'])
  })

  test('a read that has long waited is not ended by one look that finds nothing, if anything is heard soon after', () => {
    let heardAny = 0
    const { run, attempt, clock, log } = scene('unknown', { heardAny: () => heardAny })
    clock.run(40_000)
    lookAround(run, attempt)
    clock.run(1_900)
    heardAny = clock.now()
    clock.run(9_000)
    expect(log).toEqual([])
  })

  test('and is ended two seconds after it if nothing is', () => {
    const { run, attempt, clock, log } = scene('unknown')
    clock.run(40_000)
    lookAround(run, attempt)
    clock.run(60_000)
    expect(log).toEqual(['42000 failed'])
  })

  test('a later look that finds life calls the end off', () => {
    const { run, attempt, clock, log, verdict } = scene('unknown', { overtake: false })
    lookAround(run, attempt)
    verdict.now = 'answers'
    clock.run(60_000)
    expect(log).toEqual([])
  })
})
