import { describe, expect, test } from 'vitest'
import { execute } from '../../../../src/core/call/execute.ts'
import type { Kind } from '../../../../src/core/call/samples.ts'
import type { Call, Outcome, Peer } from '../../../../src/core/types.ts'
import type { ScriptedNetwork } from '../../../support/scripted-network.ts'
import { call } from '../pick/peers.ts'
import { type Answers, a, b, c, world } from './scene.ts'

/** A request asked of A, not started yet; `outcomes` keeps how often and how it was settled. */
function scene(fields: Partial<Call> = {}, changes: Partial<Answers> = {}, servers: readonly Peer[] = [a, b, c]) {
  const outcomes: Outcome[] = []
  const told: string[] = []
  const parts = world(servers, {
    bettered: ({ id }) => told.push(`${id} bettered`),
    backOff: ({ id }, ms) => told.push(`${id} backs off for ${ms}`),
    lostRace: ({ peer: { id } }) => told.push(`${id} lost`),
    wrote: ({ id }, _call, moved) => told.push(`${id} wrote, moved: ${moved}`),
    urlOn: (peer, _asked, url) => peer.id + new URL(url).pathname.slice(1),
    ...changes,
  })
  const net = parts.world.transport as ScriptedNetwork
  const execution = execute(parts.world, call(fields), a, outcome => outcomes.push(outcome))
  const sent = () => net.hits.map(({ server }) => `${server}/`)
  return { ...parts, net, execution, outcomes, told, sent }
}

test('a good answer of the asked server settles once, as its own, and earns a part of a token', () => {
  const { execution, clock, outcomes, sent, world } = scene()
  execution.start()
  clock.run(60_000)
  expect(outcomes).toMatchObject([{ server: a.id, asked: true, answer: { status: 200 } }])
  expect(sent()).toEqual([a.id])
  expect(world.bucket.tokens).toBe(2.1)
})

test.each([
  ['refused', { api: 'refuse' }, `${a.id} failed`],
  ['answered 500', { status: 500 }, `${a.id} error`],
  ['broken off', { api: 'break' }, `${a.id} torn`],
] as const)(
  'a read that is %s is answered by another, and its server accused and bettered',
  (_what, change, charge) => {
    const { execution, net, clock, outcomes, sent, accused, told } = scene()
    Object.assign(net.servers[a.origin]!, change)
    execution.start()
    clock.run(60_000)
    expect(outcomes).toMatchObject([{ server: b.id, asked: false }])
    expect([sent(), accused, told]).toEqual([[a.id, b.id], [charge], [`${a.id} bettered`]])
  },
)

test('when all answer 500, two are asked and the asked server’s own is given', () => {
  const { execution, net, clock, outcomes, sent, told } = scene()
  for (const { origin } of [a, b, c]) net.servers[origin]!.status = 500
  execution.start()
  clock.run(60_000)
  expect(outcomes).toMatchObject([{ server: a.id, asked: true, answer: { status: 500 } }])
  expect([sent(), told]).toEqual([[a.id, b.id], []])
})

describe('a mirror that shows a web page for a path never seen', () => {
  const webPage = { type: 'text/html' }

  /** A is refused, and out as soon as another answers. */
  function withoutA() {
    const kind: Kind = { ms: [] }
    let out = 0
    const heard = () => {
      out = 1
    }
    const parts = scene({}, { kind: () => kind, ejections: () => out, heard })
    parts.net.servers[a.origin]!.api = 'refuse'
    return { ...parts, kind }
  }

  test('is passed over while another answers otherwise', () => {
    const { execution, net, clock, outcomes, sent } = withoutA()
    Object.assign(net.servers[b.origin]!, webPage)
    execution.start()
    clock.run(60_000)
    expect(outcomes).toMatchObject([{ server: c.id, answer: { type: 'application/json' } }])
    expect(sent()).toEqual([a.id, b.id, c.id])
  })

  test('is believed when all the others do, and from then on', () => {
    const { execution, net, clock, outcomes, kind } = withoutA()
    for (const { origin } of [b, c]) Object.assign(net.servers[origin]!, webPage)
    execution.start()
    clock.run(60_000)
    expect(outcomes).toMatchObject([{ asked: false, answer: webPage }])
    expect(kind.html).toBe(true)
  })
})

test('503 with Retry-After moves for free and accuses nobody', () => {
  const { execution, net, clock, outcomes, accused, told, world } = scene()
  Object.assign(net.servers[a.origin]!, { status: 503, retryAfterMs: 7_000 })
  world.bucket.tokens = 0
  execution.start()
  clock.run(60_000)
  expect(outcomes).toMatchObject([{ server: b.id }])
  expect([accused, told]).toEqual([[], [`${a.id} backs off for 7000`]])
})

describe('a write that is sent once', () => {
  const post = { method: 'POST', hasBody: true }

  test('is not sent again when it fails, and says that it may have arrived', () => {
    const { execution, net, clock, outcomes, sent } = scene(post)
    net.servers[a.origin]!.api = 'refuse'
    execution.start()
    clock.run(60_000)
    expect(outcomes).toMatchObject([{ error: { code: 'unreachable', sent: 'unknown' } }])
    expect(sent()).toEqual([a.id])
  })

  test('gets its server’s own 500', () => {
    const { execution, net, clock, outcomes, sent } = scene(post)
    net.servers[a.origin]!.status = 500
    execution.start()
    clock.run(60_000)
    expect(outcomes).toMatchObject([{ server: a.id, answer: { status: 500 } }])
    expect(sent()).toEqual([a.id])
  })

  test('that could go nowhere says that it was not sent', () => {
    const { execution, clock, outcomes, lives, sent } = scene(post)
    for (const { id } of [a, b, c]) lives[id] = { answered: false, ms: 1, reason: 'refused' }
    execution.start()
    clock.run(60_000)
    expect(outcomes).toMatchObject([{ error: { sent: 'no' } }])
    expect(sent()).toEqual([])
  })

  test('that arrived is remembered', () => {
    const { execution, clock, told } = scene(post)
    execution.start()
    clock.run(100)
    expect(told).toEqual([`${a.id} wrote, moved: false`])
  })
})

describe('when its server goes out', () => {
  test('a read in flight on a dead one is given up there and answered elsewhere', () => {
    const { execution, net, clock, outcomes } = scene({}, { isOut: id => id === a.id })
    net.servers[a.origin]!.api = 'hang'
    execution.start()
    execution.ejected(a.id, true)
    clock.run(100)
    expect(outcomes).toMatchObject([{ server: b.id }])
    expect(net.hits[0]!.aborted).toBe(true)
  })

  test('a read in flight on a slow one stays in the race', () => {
    const { execution, net, clock, outcomes } = scene({}, { isOut: id => id === a.id })
    Object.assign(net.servers[a.origin]!, { ms: 50 })
    Object.assign(net.servers[b.origin]!, { ms: 500 })
    execution.start()
    execution.ejected(a.id, false)
    clock.run(1_000)
    expect(outcomes).toMatchObject([{ server: a.id }])
    expect(net.hits.map(({ aborted }) => aborted)).toEqual([false, true])
  })

  test('an ejection of another server moves nothing', () => {
    const { execution, clock, sent } = scene()
    execution.start()
    execution.ejected(b.id, true)
    clock.run(1_000)
    expect(sent()).toEqual([a.id])
  })
})

test('after an abort nothing is settled and nothing more is sent', () => {
  const { execution, net, clock, outcomes, sent } = scene()
  net.servers[a.origin]!.ms = 50
  execution.start()
  execution.abort()
  execution.ejected(a.id, true)
  clock.run(60_000)
  expect([outcomes, sent()]).toEqual([[], [a.id]])
  expect(net.hits[0]!.aborted).toBe(true)
})

test.each([
  ['network-down', 'offline'],
  ['unknown', 'unreachable'],
  ['server-down', 'unreachable'],
] as const)('with nobody left and the diagnosis %s the code is %s', (state, code) => {
  const { execution, net, clock, outcomes } = scene({}, { diagnose: (_stamp, end) => end(state) })
  for (const { origin } of [a, b, c]) net.servers[origin]!.api = 'refuse'
  execution.start()
  clock.run(60_000)
  expect(outcomes).toMatchObject([{ error: { code } }])
})
