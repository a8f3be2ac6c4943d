import { expect, test } from 'vitest'
import { A, B, C, client } from '../../support/client.ts'

/** The asked server is well but far away, and this takes it longer than a look waits; the mirror is near. */
test.each([
  [160, 20],
  [200, 30],
  [300, 80],
  [400, 50],
])('a slow answer of a server %d ms away is waited for, though a mirror is %d ms away', (farMs, nearMs) => {
  const one = client([A, B])
  Object.assign(one.net.servers[A]!, { ms: farMs, probeMs: farMs })
  Object.assign(one.net.servers[B]!, { ms: nearMs, probeMs: nearMs })
  one.stream(30, 500)
  one.net.servers[A]!.ms = farMs + 1_000
  const write = one.get('/api/order', { method: 'PUT', hasBody: true })
  expect(write.by).toBe(A)
  expect(one.net.hits.filter(({ method }) => method === 'PUT')).toHaveLength(1)
  expect(one.core.status().servers.filter(({ state }) => state !== 'in-service')).toEqual([])
})

test('so it is when a probe needs a new connection, which takes four journeys', () => {
  const one = client([A, B])
  for (const server of Object.values(one.net.servers)) Object.assign(server, { ms: 82, probeMs: 320 })
  one.stream(30, 100)
  one.net.servers[A]!.ms = 1_500
  for (const method of ['GET', 'PUT']) expect(one.get('/api/order', { method }).by).toBe(A)
  expect(one.net.hits.filter(({ method }) => method === 'PUT')).toHaveLength(1)
  expect(one.core.status().state).toBe('ok')
})

test.each([1_000, 1_500])('mirrors that are %d ms away win their races over a server that hangs', farMs => {
  const one = client()
  for (const server of Object.values(one.net.servers)) Object.assign(server, { ms: farMs, probeMs: farMs })
  const own = one.net.servers[A]!
  Object.assign(own, { ms: 5, probeMs: 5 })
  one.stream(10, 1_000)
  Object.assign(own, { api: 'hang', probe: 'ok' })
  const times = Array.from({ length: 12 }, () => one.get('/api/x', {}, 60_000).ms ?? 60_000)
  expect(times.filter(ms => ms > farMs + 100).length).toBeLessThan(3)
  expect(Math.max(...times)).toBeLessThan(9_000)
})

test('a server never heard from may be as far away as the farthest that is known', () => {
  const one = client([A, B, C])
  const waitFor = (url: string) => {
    const from = one.clock.now()
    let ms = 0
    one.core.warm(`${url}/api/`, () => {
      ms = one.clock.now() - from
    })
    one.clock.run(5_000)
    return ms
  }
  Object.assign(one.net.servers[B]!, { ms: 200, probeMs: 200 })
  Object.assign(one.net.servers[C]!, { probe: 'hang' })
  expect(waitFor(C)).toBe(300)
  expect(waitFor(B)).toBe(200)
  expect(waitFor(C)).toBe(5 * 200)
})

test('a far mirror whose first probe comes late has taken nobody’s tokens: the reads after it move', () => {
  const one = client([A, B])
  Object.assign(one.net.servers[A]!, { ms: 13, status: 500, probeStatus: 200 })
  Object.assign(one.net.servers[B]!, { ms: 370, probeMs: 370 })
  one.stream(4, 0)
  one.clock.run(1_000)
  const reads = Array.from({ length: 50 }, () => one.get('/api/read'))
  expect(reads.map(({ by }) => by)).toEqual(reads.map(() => B))
})

test('where the network has turned slow, a server near by has as long as one a little farther away', () => {
  const one = client([A, B, C].map((url, tier) => ({ url, tier })))
  Object.assign(one.net.servers[A]!, { ms: 5, probeMs: 5 })
  for (const mirror of [B, C]) Object.assign(one.net.servers[mirror]!, { ms: 60, probeMs: 60 })
  one.stream(40, 20)
  one.core.warm(`${B}/api/`)
  one.clock.run(20_000)
  one.stream(5, 1_000)
  one.clock.run(10_000)
  for (const [url, probeMs] of [
    [A, 292],
    [B, 285],
    [C, 290],
  ] as const)
    Object.assign(one.net.servers[url]!, { ms: 900, probeMs })
  expect(one.get('/api/read').by).toBe(A)
  expect(one.core.status().state).toBe('ok')
})
