import { expect, test } from 'vitest'
import { A, B, C, client, failures } from '../../support/client.ts'
import { healthy } from '../../support/scripted-network.ts'

/** A client that does nothing but write, and a server that fails every write while its health page is well. */
test.each([
  ['answers 503', { status: 503, probeStatus: 200 }],
  ['is reset', { api: 'refuse' }],
  ['breaks off its answers', { api: 'break' }],
] as const)(
  'writes alone leave a primary that %s behind its probe: three in the beginning, then one in 10 s',
  (_what, fault) => {
    const { net, get, clock } = client([A, B, C])
    const write = () => get('/api/order', { method: 'POST', hasBody: true })
    expect(write().by).toBe(A)
    Object.assign(net.servers[A]!, { probe: 'ok', ...fault })
    const writes = Array.from({ length: 60 }, () => {
      clock.run(500)
      return write()
    })
    const bad = failures(writes)
    expect(bad.length).toBeLessThanOrEqual(7)
    expect(net.hits.filter(({ method }) => method === 'POST')).toHaveLength(61)
    net.servers[A] = { ...healthy }
    clock.run(11_000)
    expect(write().by).toBe(A)
    expect(write().by).toBe(A)
  },
)

test('a write that errs everywhere is answered by the primary, but for one in 10 s', () => {
  const { net, get, clock } = client([A, B, C])
  for (const server of Object.values(net.servers)) Object.assign(server, { status: 500, probe: 'ok', probeStatus: 200 })
  const by = Array.from({ length: 40 }, () => {
    clock.run(200)
    return get('/api/broken', { method: 'POST', hasBody: true }).by
  })
  expect(by.filter(server => server !== A).length).toBeLessThanOrEqual(4)
})
