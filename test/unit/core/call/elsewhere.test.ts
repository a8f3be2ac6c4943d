import { describe, expect, test } from 'vitest'
import type { Attempt } from '../../../../src/core/call/attempt.ts'
import { enterRescue, giveEvidence, proceed } from '../../../../src/core/call/elsewhere.ts'
import { createRun, type Run } from '../../../../src/core/call/run.ts'
import type { Answer, Call, Peer } from '../../../../src/core/types.ts'
import { call } from '../pick/peers.ts'
import { type Answers, a, b, c, refused, silent, world } from './scene.ts'

/** A request whose try at A has just failed. */
function scene(fields: Partial<Call> = {}, changes: Partial<Answers> = {}, servers: readonly Peer[] = [a, b, c]) {
  const log: string[] = []
  const evidence: string[] = []
  const note = (peer: Peer, change: 1 | -1) => evidence.push(`${peer.id} ${change}`)
  const parts = world(servers, { evidence: note, ...changes })
  const run: Run = createRun(parts.world, call(fields), a, {
    send(peer, race) {
      log.push(`sent to ${peer.id}`)
      const attempt = { peer, race, ended: false, abort: () => log.push(`given up at ${peer.id}`) }
      run.attempts.push(attempt as Partial<Attempt> as Attempt)
    },
    conclude: () => log.push('concluded'),
    fail: () => log.push('failed'),
  })
  const now = parts.clock.now()
  const attempt = { peer: a, stamp: now, sentAt: now, ended: true } as Attempt
  run.attempts.push(attempt)
  run.failedOn.push(a)
  return { ...parts, run, attempt, log, evidence }
}

describe('when a try failed', () => {
  test('a read moves to the next server, along with its probe, for a part of a token', () => {
    const { run, log, probed, world } = scene({}, { ask: ({ id }) => probed.push(id) })
    proceed(run, 0.25)
    expect([log, probed, world.bucket.tokens]).toEqual([[`sent to ${b.id}`], [b.id], 1.75])
  })

  test('and on to one that answers a probe, for no more, with the try at the silent one still open', () => {
    const { run, log, lives, probed, world } = scene()
    lives[b.id] = silent
    proceed(run, 0.25)
    expect([log, probed, world.bucket.tokens]).toEqual([[`sent to ${b.id}`, `sent to ${c.id}`], [b.id, c.id], 1.75])
    expect([run.refusals, run.attempts.map(({ race }) => race)]).toEqual([1, [undefined, false, true]])
  })

  test('what came of a try that went along is seen to once its probe is answered', () => {
    let answered = () => {}
    const ask: Answers['ask'] = (_server, _limitMs, _since, end) => {
      answered = () => end({ answered: true, ms: 9, reason: 'answered 200' })
    }
    const { run, log } = scene({}, { ask })
    proceed(run, 0.25)
    const along = run.attempts.at(-1)!
    Object.assign(along, { ended: true, answer: { status: 500 } })
    run.spare = { answer: along.answer!, peer: b }
    proceed(run, 0.25)
    expect(log).toEqual([`sent to ${b.id}`])
    answered()
    expect(log).toEqual([`sent to ${b.id}`, 'concluded'])
  })

  test('a server that is not in service must answer its probe first', () => {
    const { run, log, probed } = scene({}, { inService: () => false, ask: ({ id }) => probed.push(id) })
    proceed(run, 0.25)
    expect([log, probed]).toEqual([[], [b.id]])
  })

  test('a write that may be repeated waits for the probe', () => {
    const { run, log, lives } = scene({ method: 'POST', idempotencyKey: true })
    lives[b.id] = refused
    proceed(run, 0.25)
    expect(log).toEqual([`sent to ${c.id}`])
  })

  test('nothing moves while another try is open, or the request looks around already', () => {
    const { run, attempt, log } = scene()
    Object.assign(attempt, { ended: false })
    proceed(run, 0.25)
    Object.assign(attempt, { ended: true })
    run.moving = true
    proceed(run, 0.25)
    expect(log).toEqual([])
  })

  test.each<[string, Partial<Call>, readonly Peer[]]>([
    ['a write that is sent once', { method: 'POST' }, [a, b]],
    ['a read with nowhere to go', {}, [a]],
  ])('%s ends', (_what, fields, servers) => {
    const { run, log, probed } = scene(fields, {}, servers)
    proceed(run, 0.25)
    expect([log, probed]).toEqual([['concluded'], []])
  })

  test('a third try is not made while nobody was ejected', () => {
    const { run, attempt, log } = scene()
    const answer = { status: 500 } as Answer
    run.attempts.push({ ...attempt, peer: b, answer })
    run.spare = { answer, peer: b }
    proceed(run, 0.25)
    expect(log).toEqual(['concluded'])
  })

  test('while there is nothing to show, the verdict on the one that failed is waited for', () => {
    const { run, attempt, log, clock } = scene()
    run.failedOn.push(a)
    run.attempts.push({ ...attempt, peer: b, answer: { status: 401 } as Answer })
    proceed(run, 0.25)
    expect([log, run.heldFor]).toEqual([[], a])
    clock.run(1_000)
    expect(log).toEqual(['concluded'])
  })

  test.each<[string, Partial<Answers>]>([
    ['nor when the second failed too, but that may have been CORS: the verdict is waited for', {}],
    ['and if that one is out already, its verdict is not waited for again and again', { isOut: () => true }],
  ])('%s', (_what, changes) => {
    const { run, attempt, log, clock } = scene({}, changes)
    run.attempts.push({ ...attempt, peer: b })
    run.failedOn.push(b)
    proceed(run, 0.25)
    expect([log, run.heldFor]).toEqual([[], b])
    clock.run(1_000)
    expect(log).toEqual(['concluded'])
  })

  describe('and two probes stay silent, the search ends', () => {
    const mute = { [b.id]: silent, [c.id]: silent }

    test('with the answer there is', () => {
      const { run, log, lives } = scene()
      Object.assign(lives, mute)
      run.spare = { answer: { status: 500 } as Answer, peer: a }
      proceed(run, 0.25)
      expect(log).toEqual([`sent to ${b.id}`, `given up at ${b.id}`, 'concluded'])
    })

    test('and the try that went along may yet be answered, if there is none', () => {
      const { run, log, lives } = scene()
      Object.assign(lives, mute)
      proceed(run, 0.25)
      // Which ends nothing while a try is open.
      expect(log).toEqual([`sent to ${b.id}`, 'concluded'])
    })
  })
})

describe('no probe is needed', () => {
  const lately = { of: () => ({ heardAt: Number.MAX_SAFE_INTEGER }) }

  test('for a server heard from lately when the network is proved', () => {
    const { run, log, probed } = scene({}, { ...lately, against: () => true })
    proceed(run, 0.25)
    expect([log, probed]).toEqual([[`sent to ${b.id}`], []])
  })

  test.each<[string, Partial<Answers>]>([
    ['but without a witness it is', lately],
    ['but for a suspect it is', { ...lately, against: () => true, inService: () => false }],
    ['but for a server long silent it is', { against: () => true }],
  ])('%s', (_what, changes) => {
    const { run, probed } = scene({}, changes)
    proceed(run, 0.25)
    expect(probed).toEqual([b.id])
  })
})

describe('without a token', () => {
  function poor(fields: Partial<Call> = {}, changes: Partial<Answers> = {}) {
    const parts = scene(fields, changes)
    parts.world.bucket.tokens = 0
    proceed(parts.run, 1)
    return parts
  }

  test('a read is held for a second for the verdict on its server, and then ends', () => {
    const { run, log, clock } = poor()
    expect(run.heldFor).toBe(a)
    clock.run(999)
    expect(log).toEqual([])
    clock.run(1)
    expect(log).toEqual(['concluded'])
  })

  test('a read whose server is out already is rescued', () => {
    expect(poor({}, { isOut: id => id === a.id }).log).toEqual([`sent to ${b.id}`])
  })
})

describe('PUT', () => {
  test('waits for the verdict on its server, tokens or not', () => {
    const { run, log, clock } = scene({ method: 'PUT' })
    proceed(run, 0.25)
    expect([log, run.heldFor]).toEqual([[], a])
    clock.run(1_000)
    expect(log).toEqual(['concluded'])
  })

  test('moves for free once its server is out', () => {
    const { run, log, world } = scene({ method: 'PUT' })
    run.free = true
    proceed(run, 0.25)
    expect([log, world.bucket.tokens, run.rescue]).toEqual([[`sent to ${b.id}`], 2, 'admitted'])
  })
})

test('of nine rescued requests the ninth waits for its turn, and one that has ended gives it up', () => {
  const { run, world, log } = scene()
  for (let i = 0; i < 8; i++) world.rescue.enter(() => {})
  enterRescue(run)
  expect([log, run.rescue]).toEqual([[], 'waiting'])
  run.finished = true
  world.rescue.leave(true)
  expect([log, run.rescue]).toEqual([[], 'waiting'])
})

test('evidence is given once and taken back once', () => {
  const { run, evidence } = scene()
  for (const against of [[], [a], [a, b], [], []]) giveEvidence(run, against)
  const open = (id: string) =>
    evidence.filter(one => one === `${id} 1`).length - evidence.filter(one => one === `${id} -1`).length
  expect([open(a.id), open(b.id)]).toEqual([0, 0])
  expect(evidence).toContain(`${b.id} 1`)
})
