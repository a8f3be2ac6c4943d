import { expect, test } from 'vitest'
import { A, B, C, client, D, failures, type Sent } from '../../support/client.ts'
import type { Behaviour } from '../../support/scripted-network.ts'

/** The primary and the mirror that comes next have these faults at once, after so many good reads; two more are well. */
function reads(primary: Partial<Behaviour>, mirror: Partial<Behaviour>, seed: number, before = 100): Sent[] {
  const one = client(
    [A, B, C, D].map((url, tier) => ({ url, tier })),
    { seed },
  )
  one.stream(before, 20)
  Object.assign(one.net.servers[A]!, primary)
  Object.assign(one.net.servers[B]!, mirror)
  const sent = one.stream(200, 20)
  one.clock.run(15_000)
  return sent
}

const failed = (all: readonly Sent[]) => failures(all).length

const overloaded: Partial<Behaviour> = { status: 503, retryAfterMs: 5_000 }
const erring: Partial<Behaviour> = { status: 500, probeStatus: 200 }
const torn: Partial<Behaviour> = { api: 'break' }
const stalled: Partial<Behaviour> = { api: 'stall' }
/** The API hangs behind a probe that answers. */
const hung: Partial<Behaviour> = { api: 'hang', probe: 'ok' }
const slow: Partial<Behaviour> = { ms: 8_000 }

const faults: Record<string, Partial<Behaviour>> = {
  killed: { api: 'refuse' },
  hung: { api: 'hang', probe: 'hang' },
  'hung behind its probe': hung,
  'answers 503': { status: 503 },
  'answers 503 behind its probe': { status: 503, probeStatus: 200 },
  overloaded,
  erring,
  'resets behind its probe': { api: 'refuse', probe: 'ok' },
  torn,
  stalled,
  slow,
}
const pairs = Object.keys(faults).flatMap(one => Object.keys(faults).map(other => [one, other] as const))

test.each(pairs.filter(([one, other]) => one !== other))('a primary that is %s, a mirror that is %s', (one, other) => {
  for (const before of [100, 0])
    for (let seed = 1; seed <= 3; seed++) {
      const all = reads(faults[one]!, faults[other]!, seed, before)
      expect(failed(all), `${before} before`).toBe(0)
      expect(Math.max(...all.map(({ ms }) => ms!)), `${before} before`).toBeLessThanOrEqual(3_100)
      expect(all.slice(160).filter(({ ms }) => ms! > 200).length, `${before} before`).toBe(0)
    }
})

test('a slow read of a path known to be fast is asked of at most two servers more, for two may be bad', () => {
  for (const count of [1, 2, 4]) {
    const one = client()
    one.stream(40, 20)
    for (const server of Object.values(one.net.servers)) Object.assign(server, { ms: 30_000, probe: 'ok', probeMs: 2 })
    one.net.hits.length = 0
    const sent = one.stream(count, 0)
    one.clock.run(35_000)
    expect(sent.map(({ by }) => by)).toEqual(sent.map(() => A))
    expect(one.net.hits.length).toBeLessThanOrEqual(3 * count)
  }
})

test('slow reads of paths never seen, of a server that has answered others, are asked of one server more each', () => {
  const one = client()
  expect(one.get('/api/quick').by).toBe(A)
  for (const server of Object.values(one.net.servers)) Object.assign(server, { ms: 15_000, probe: 'ok', probeMs: 2 })
  one.net.hits.length = 0
  const sent = one.stream(4, 0)
  one.clock.run(20_000)
  expect(sent.map(({ by }) => by)).toEqual(sent.map(() => A))
  expect(one.net.hits.length).toBeLessThanOrEqual(2 * 4)
})

test.each([
  ['503 with Retry-After, and again', overloaded, overloaded],
  ['503 with Retry-After, and 503', overloaded, { status: 503 }],
  ['503 with Retry-After, and 500', overloaded, erring],
  ['503 with Retry-After, and a body that breaks off', overloaded, torn],
  ['500, and 503 with Retry-After', erring, overloaded],
  ['503, and a body that breaks off', { status: 503 }, torn],
  ['500 behind a good probe, and a body that breaks off', erring, torn],
  ['500 behind a good probe, and a body that stands still', erring, stalled],
  ['a body that breaks off, and one that stands still', torn, stalled],
] as const)('no read fails: %s', (_what, primary, mirror) => {
  for (let seed = 1; seed <= 5; seed++) expect(failed(reads(primary, mirror, seed))).toBe(0)
})

test.each([
  ['a body that stands still, and an API that hangs', stalled, hung],
  ['an API that hangs, and a body that stands still', hung, stalled],
  ['a body that stands still, and a slow server', stalled, slow],
  ['a slow server, and an API that hangs', slow, hung],
  ['an API that hangs, and a slow server', hung, slow],
  ['bodies that stand still', stalled, stalled],
] as const)('neither of two servers that keep a read waiting keeps it for long: %s', (_what, primary, mirror) => {
  for (let seed = 1; seed <= 5; seed++) {
    const all = reads(primary, mirror, seed)
    expect(failed(all)).toBe(0)
    expect(Math.max(...all.map(({ ms }) => ms!))).toBeLessThanOrEqual(3_100)
    expect(all.slice(150).filter(({ ms }) => ms! > 200)).toEqual([])
  }
})

test('no read fails where two servers are overloaded and do not say for how long', () => {
  for (let seed = 1; seed <= 5; seed++) expect(failed(reads({ status: 503 }, { status: 503 }, seed))).toBe(0)
})

test.each([
  ['both answer 500 behind good probes', erring, erring],
  ['the API of one hangs behind its good probe, the other answers 500', hung, erring],
])('at most the first read fails, for it may be asked of two: %s', (_what, primary, mirror) => {
  for (let seed = 1; seed <= 5; seed++) expect(failed(reads(primary, mirror, seed))).toBeLessThanOrEqual(1)
})

test('who has refused many at once is not held to be refusing for ever', () => {
  let bad = 0
  for (let seed = 1; seed <= 5; seed++) {
    const { net, send, clock, stream } = client(
      [A, B, C, D].map((url, tier) => ({ url, tier })),
      { seed },
    )
    const [a, b, c] = [net.servers[A]!, net.servers[B]!, net.servers[C]!]
    stream(100, 20)
    a.api = b.api = 'refuse'
    stream(64, 0)
    clock.run(3_000)
    a.api = b.api = 'ok'
    for (let second = 0; second < 300; second++) {
      send('/api/read')
      clock.run(1_000)
    }
    a.api = 'refuse'
    stream(100, 20)
    Object.assign(b, erring)
    c.ms = 300
    const all = stream(64, 0)
    clock.run(5_000)
    bad += failed(all)
  }
  expect(bad).toBe(0)
})

test('the wait for one verdict ends when the read moves: the next has its own time', () => {
  const one = client([A, B, C].map((url, tier) => ({ url, tier })))
  one.core.restore({ v: 1, tokens: 0 })
  Object.assign(one.net.servers[A]!, { api: 'refuse', probe: 'hang' })
  Object.assign(one.net.servers[B]!, { api: 'break', ms: 650 })
  const read = one.send('/api/read')
  one.clock.run(700)
  one.net.servers[B]!.probe = 'hang'
  one.clock.run(2_000)
  expect(read.by).toBe(C)
})

test('of three servers two may err for good: reads that come five at a time do not fail once they are found out', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const one = client(
      [A, B, C].map((url, tier) => ({ url, tier })),
      { seed },
    )
    one.stream(40, 20)
    Object.assign(one.net.servers[A]!, { api: 'refuse', probe: 'ok' })
    one.stream(40, 20)
    Object.assign(one.net.servers[B]!, erring)
    const all: Sent[] = []
    for (let second = 0; second < 60; second++) {
      all.push(...one.stream(5, 0))
      one.clock.run(1_000)
    }
    expect(failed(all)).toBe(0)
  }
})

test('a rolling restart of two servers, half a second each, fails no read: one of them lives at every moment', () => {
  const one = client([A, B])
  one.stream(40, 20)
  const all: Sent[] = []
  for (let round = 0; round < 6; round++) {
    const url = round % 2 ? B : A
    one.net.servers[url]!.api = 'refuse'
    all.push(...one.stream(25, 20))
    one.net.servers[url]!.api = 'ok'
    all.push(...one.stream(15, 20))
  }
  one.clock.run(10_000)
  expect(failed(all)).toBe(0)
})
