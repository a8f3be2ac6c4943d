import { expect, test } from 'vitest'
import { A, B, client } from '../../support/client.ts'

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
