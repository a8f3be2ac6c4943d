import { describe, expect, test } from 'vitest'
import { A, B, C, client, D } from '../../support/client.ts'
import { healthy } from '../../support/scripted-network.ts'

/** Its API hangs, or is slow, behind a probe that answers. */
const hung = { ...healthy, api: 'hang', probe: 'ok' } as const
const slow = { ...healthy, ms: 8_000, probeMs: 2 } as const

/** Servers in order of tiers, and a path that is known to be fast. */
function inOrder() {
  const one = client([A, B, C, D].map((url, tier) => ({ url, tier })))
  one.stream(40, 20)
  return one
}

describe('a read alone, of a path known to be fast', () => {
  test.each([
    ['hangs', hung],
    ['is slow', slow],
  ])('is asked of a third server when the one that raced the first %s, too', (_what, mirror) => {
    const { net, get, clock } = inOrder()
    net.servers[A] = hung
    clock.after(1_500, () => {
      net.servers[B] = mirror
    })
    for (let i = 0; i < 2; i++) {
      const { by, ms } = get('/api/read')
      expect(by).toBe(C)
      expect(ms).toBeLessThan(2_700)
    }
  })

  test('goes on to another one when that one dies under it', () => {
    const { net, get, clock } = inOrder()
    net.servers[A] = hung
    clock.after(1_500, () => {
      net.servers[B] = { ...healthy, api: 'hang' }
    })
    const { by, ms } = get('/api/read')
    expect(by).toBe(C)
    expect(ms).toBeLessThan(3_000)
  })
})

test('what a bad server has kept waiting does not make the path a slow one', () => {
  const { net, get } = inOrder()
  // One of three: it cannot be taken out while another is.
  net.servers[A] = slow
  const times = Array.from({ length: 2 }, () => get('/api/read').ms!)
  net.servers[B] = slow
  times.push(...Array.from({ length: 2 }, () => get('/api/read').ms!))
  expect(Math.max(...times)).toBeLessThan(2_100)
  expect(get('/api/read').ms).toBeLessThan(50)
})

test('a hung server near by is found out without waiting for one far away three times', () => {
  const { net, stream, get } = inOrder()
  for (const far of [B, C, D]) Object.assign(net.servers[far]!, { ms: 700, probeMs: 700 })
  stream(10, 1_000)
  net.servers[A] = { ...healthy, api: 'hang' }
  const { by, ms } = get('/api/read')
  expect(by).not.toBe(A)
  expect(ms).toBeLessThan(600 + 700 + 200 + 750)
})

test('a healthy mirror that was overtaken, too, goes out later than the primary that hangs, if at all', () => {
  const { net, get, clock, core } = client([A, B, C].map((url, tier) => ({ url, tier })))
  net.servers[B] = { ...healthy, ms: 800, probeMs: 100 }
  for (let i = 0; i < 40; i++) get('/api/read')
  net.servers[A] = hung
  const reads = Array.from({ length: 5 }, () => {
    const read = get('/api/read')
    clock.run(3_000)
    return read.ms!
  })
  expect(core.status().servers[0]!.state).toBe('slow')
  expect(reads.filter(ms => ms > 900)).toHaveLength(2)
})

test('a read whose two servers die one after the other moves to one other, once', () => {
  const { net, stream, send, clock } = client([A, B, C, D].map((url, tier) => ({ url, tier })))
  stream(10, 20)
  for (const mirror of [C, D]) net.servers[mirror] = { ...healthy, ms: 300 }
  net.servers[A] = hung
  net.hits.length = 0
  clock.after(1_500, () => {
    net.servers[B] = hung
  })
  clock.after(2_700, () => {
    net.servers[A] = { ...healthy, api: 'hang' }
  })
  clock.after(4_700, () => {
    net.servers[B] = { ...healthy, api: 'hang' }
  })
  const read = send('/api/read')
  clock.run(30_000)
  expect(read.by).toBe(C)
  expect(net.hits.map(({ server }) => server)).toEqual([A, B, C])
})

test('a read that waits for a token is raced once at 10 s, however often it was looked after', () => {
  const { net, get, send, core, clock } = client([A, B, C, D].map((url, tier) => ({ url, tier })))
  core.restore({ ...inOrder().core.memory(), races: 0.85 })
  for (const mirror of [B, C, D]) net.servers[mirror] = { ...healthy, ms: 300 }
  net.servers[A] = hung
  send('/api/read')
  clock.run(9_000)
  net.servers[A] = healthy
  for (let i = 0; i < 2; i++) get('/api/other')
  net.servers[A] = hung
  clock.run(5_000)
  expect(net.hits.filter(({ server }) => server !== A)).toHaveLength(1)
})

test('a read whose servers another tab found dead has a try left for each', () => {
  const { net, stream, send, core, clock } = client([A, B, C, D].map((url, tier) => ({ url, tier })))
  stream(10, 20)
  net.servers[A] = net.servers[B] = hung
  const read = send('/api/read')
  clock.run(2_200)
  const now = clock.now()
  const out = { cause: 'dead', since: now, until: now + 30_000, goodProbes: 0, nextProbeAt: now + 30_000 }
  const record = { heardAt: now + 1, ejections: 1, ejectionsAt: now + 1, out }
  clock.run(1)
  core.restore({ servers: { [`${A}/`]: record, [`${B}/`]: record } })
  clock.run(20_000)
  expect([C, D]).toContain(read.by)
})
