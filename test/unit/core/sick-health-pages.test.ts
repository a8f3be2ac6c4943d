import { expect, test } from 'vitest'
import { A, B, C, client, D } from '../../support/client.ts'
import { healthy } from '../../support/scripted-network.ts'

/** The API of all works, and their health pages err: a table is missing, or the pool that they ask is another one. */
test.each([
  ['two servers', [A, B]],
  ['four servers', [A, B, C, D]],
])('health pages that err fail neither a slow read nor the write beside it: %s', (_what, servers) => {
  for (let seed = 1; seed <= 5; seed++) {
    const { net, get, send, clock } = client(servers, { seed })
    for (const server of Object.values(net.servers)) Object.assign(server, { probe: 'ok', probeStatus: 503 })
    expect(get('/api/order', { method: 'POST' }).by).toMatch(/^https/)
    clock.run(6_000)
    expect(get('/api/order', { method: 'POST' }).by).toMatch(/^https/)
    expect(get('/api/read').by).toMatch(/^https/)
    clock.run(6_000)
    for (const server of Object.values(net.servers)) server.ms = 3_000
    const read = send('/api/report')
    clock.run(700)
    const write = send('/api/order', { method: 'POST' })
    clock.run(10_000)
    expect([read.by, write.by]).toEqual([expect.stringMatching(/^https/), expect.stringMatching(/^https/)])
    expect(net.hits.filter(({ method }) => method === 'POST')).toHaveLength(3)
  }
})

test('a write goes to nobody who gives no sign of life', () => {
  const { net, send, clock } = client()
  for (const server of Object.values(net.servers)) Object.assign(server, { api: 'hang' })
  const write = send('/api/order', { method: 'POST' })
  clock.run(10_000)
  expect(write.by).toBe('unreachable')
  expect(net.hits).toEqual([])
})

/** Its API hangs, and its health page says that it is not well. */
const sick = { ...healthy, api: 'hang', probe: 'ok', probeStatus: 503 } as const

test.each([true, false])('two of three that hang and say so keep no read waiting, with races: %s', overtake => {
  const one = client(
    [A, B, C].map((url, tier) => ({ url, tier })),
    { overtake },
  )
  one.stream(40, 20)
  one.net.servers[A] = one.net.servers[B] = sick
  one.net.probes.length = 0
  const reads = Array.from({ length: 3 }, () => one.get('/api/read'))
  expect(reads.map(({ by }) => by)).toEqual([C, C, C])
  expect(Math.max(...reads.map(({ ms }) => ms!))).toBeLessThan(700)
  one.stream(20, 500)
  expect(one.net.probes.length).toBeLessThan(10)
})

test('a PUT leaves one that hangs and says so, but not before it has had 10 s', () => {
  const one = client([A, B, C])
  one.stream(40, 20)
  one.net.servers[A] = sick
  const { by, ms } = one.get('/api/order', { method: 'PUT', hasBody: true })
  expect(by).not.toBe(A)
  expect(ms).toBeGreaterThanOrEqual(10_000)
  expect(ms).toBeLessThan(15_000)
})

test.each(['POST', 'PUT', 'DELETE'])(
  'a server that answers 503 to a %s, and to its probe, gets no later one',
  method => {
    for (let seed = 1; seed <= 5; seed++) {
      const { net, get, core, clock } = client([A, B, C], { seed })
      const write = () => get('/api/order', { method, hasBody: true }).by
      expect(write()).toBe(A)
      clock.run(1_100)
      net.servers[A] = { ...healthy, status: 503 }
      expect([write(), net.hits.length]).toEqual([A, 2])
      clock.run(100)
      expect(write()).not.toBe(A)
      expect(core.status().servers.find(({ state }) => state === 'dead')?.url).toBe(`${A}/`)
    }
  },
)

test('but one whose probe says that it is well keeps them, and one that is alone is not probed for it', () => {
  const one = client([A, B])
  one.net.servers[A] = { ...healthy, status: 503, probeStatus: 200 }
  for (let i = 0; i < 3; i++) expect(one.get('/api/order', { method: 'POST' }).by).toBe(A)
  const alone = client([A])
  alone.net.servers[A] = { ...healthy, status: 503 }
  for (let i = 0; i < 3; i++) expect(alone.get('/api/order', { method: 'POST' }).by).toBe(A)
  expect(alone.net.probes).toEqual([])
})
