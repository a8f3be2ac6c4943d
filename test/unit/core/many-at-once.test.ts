import { describe, expect, test } from 'vitest'
import { A, B, C, type Client, client, D, type Sent } from '../../support/client.ts'
import type { Behaviour } from '../../support/scripted-network.ts'
import { seeded } from '../../support/seeded.ts'

/** The other servers of a busy machine: each answer takes 400 to 700 ms, by chance. */
function slowBy(one: Client, servers: string[], least: number, most: number, what: 'ms' | 'bodyMs' = 'ms') {
  const random = seeded(3)
  for (const server of servers)
    Object.defineProperty(one.net.servers[server]!, what, { get: () => least + (most - least) * random() })
}

/** 64 reads at once, each to its end. */
function sixtyFour(one: Client): Sent[] {
  one.net.hits.length = 0
  const sent = Array.from({ length: 64 }, () => one.send('/api/read'))
  one.clock.run(60_000)
  expect(sent.filter(({ outcome }) => !outcome || 'error' in outcome)).toEqual([])
  return sent
}

/** How often each server was put out. */
const ejections = ({ core }: Client) => [A, B, C, D].map(server => core.memory().servers[`${server}/`]!.ejections)

const slowest = (sent: Sent[]) => Math.max(...sent.map(({ ms }) => ms!))

test.each(['fresh', 'used'])('64 reads stalled at once on a %s client: none waits over 2 s for its second try', how => {
  const one = client()
  if (how === 'used') one.stream(40, 50)
  one.net.servers[A]!.api = 'stall'
  slowBy(one, [B, C, D], 400, 700)
  const from = one.clock.now()
  const sent = sixtyFour(one)
  expect(sent.every(({ by }) => by !== A)).toBe(true)
  const second = one.net.hits.filter(({ server }) => server !== A)
  expect(second.length).toBeLessThanOrEqual(1.15 * 64)
  // It stands still for a second before anybody may know.
  expect(second[63]!.at - from - 1_000).toBeLessThanOrEqual(2_000)
  expect(slowest(sent)).toBeLessThanOrEqual(3_700)
  expect(ejections(one)).toEqual([1, 0, 0, 0])
})

test.each<[string, 'ms' | 'bodyMs', number, number]>([
  ['answers', 'ms', 3_000, 3_000],
  ['answers, some more than others', 'ms', 2_000, 6_000],
  ['bodies', 'bodyMs', 2_500, 2_500],
  ['bodies, some more than others', 'bodyMs', 1_500, 4_000],
])('when the %s of all servers are slow, next to nothing is sent again', (_what, field, least, most) => {
  const one = client()
  one.stream(40, 50)
  slowBy(one, [A, B, C, D], least, most, field)
  sixtyFour(one)
  sixtyFour(one)
  expect(one.net.hits.length / 64).toBeLessThanOrEqual(1.15)
  expect(ejections(one)).toEqual([0, 0, 0, 0])
})

test.each<[string, Partial<Behaviour>, mostMs: number]>([
  ['dies', { api: 'refuse' }, 1_500],
  // The first look ends after two silent mirrors; the second comes 2 s later.
  ['hangs', { api: 'hang' }, 3_500],
  ['answers 503', { status: 503 }, 1_500],
])('no read fails when the primary %s and all mirrors but one hang at that moment', (_what, behaviour, mostMs) => {
  for (let seed = 1; seed <= 12; seed++) {
    const one = client([A, B, C, D], { seed })
    one.stream(40, 50)
    Object.assign(one.net.servers[A]!, behaviour)
    Object.assign(one.net.servers[B]!, { api: 'hang' })
    Object.assign(one.net.servers[C]!, { api: 'hang' })
    const sent = sixtyFour(one)
    expect(sent.every(({ by }) => by === D)).toBe(true)
    expect(slowest(sent)).toBeLessThanOrEqual(mostMs)
    expect(ejections(one)[3]).toBe(0)
  }
})

test('writes that hold all connections to a server found dead are given up after 10 s, though no probe of it leaves', () => {
  const one = client()
  one.stream(25, 50)
  one.net.servers[A]!.api = 'hang'
  const read = one.send('/api/read')
  const writes = Array.from({ length: 8 }, () => one.send('/api/order', { method: 'POST' }))
  one.clock.run(60_000)
  expect(read.ms).toBeLessThanOrEqual(800)
  expect(writes.map(({ outcome }) => outcome)).toEqual(
    writes.map(() => ({ error: expect.objectContaining({ sent: 'unknown' }) })),
  )
  expect(slowest(writes)).toBeLessThanOrEqual(15_000)
})

describe('reads and writes of kinds never seen, more than a server takes at a time, when it hangs', () => {
  function story(apart: boolean) {
    const one = client()
    one.net.apart = () => apart
    one.get('/api/order', { method: 'POST' })
    one.net.servers[A]!.api = 'hang'
    const sent = Array.from({ length: 20 }, (_, i) => one.send('/api/read', i % 2 ? { method: 'POST' } : {}))
    one.clock.run(60_000)
    return sent.filter((_, i) => i % 2 === 0)
  }

  test('move soon where a probe leaves by connections of its own', () => {
    const reads = story(true)
    expect(reads.every(({ by }) => by && by !== A)).toBe(true)
    expect(slowest(reads)).toBeLessThanOrEqual(900)
  })

  test('move where it does not once a read may be raced again after the write', () => {
    const reads = story(false)
    expect(reads.every(({ by }) => by && by !== A)).toBe(true)
    expect(slowest(reads)).toBeGreaterThan(2_000)
    expect(slowest(reads)).toBeLessThanOrEqual(15_000)
  })
})

describe('a hang soon after as many answers that were not held as a server has connections', () => {
  function story(apart: boolean) {
    const one = client()
    one.net.apart = () => apart
    one.stream(20, 50)
    Object.assign(one.net.servers[A]!, { lengthBytes: 300_000 })
    one.stream(6, 50, '/api/large')
    Object.assign(one.net.servers[A]!, { lengthBytes: 100, api: 'hang' })
    return one.get('/api/read')
  }

  test('moves a read soon where a probe leaves by connections of its own: their bodies may long have ended', () => {
    const { by, ms } = story(true)
    expect(by).not.toBe(A)
    expect(ms).toBeLessThanOrEqual(900)
  })

  test('moves it by a race where it does not', () => {
    const { by, ms } = story(false)
    expect(by).not.toBe(A)
    expect(ms).toBeLessThanOrEqual(2_600)
  })
})
