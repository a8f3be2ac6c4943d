import { expect, test } from 'vitest'
import { A, B, C, client } from '../../support/client.ts'
import { healthy } from '../../support/scripted-network.ts'
import { seeded } from '../../support/seeded.ts'

/** Writes that are sent once and take long, on a server that lives. */

test('one probe that comes late ends no write', () => {
  const one = client([A, B, C])
  one.stream(20, 50)
  const startedAt = one.clock.now()
  const server = one.net.servers[A]!
  // A lost packet, a pause: later than the mirror by more than a verdict allows.
  Object.defineProperty(server, 'probeMs', {
    get: () => (Math.abs(one.clock.now() - startedAt - 24_600) < 500 ? 250 : 5),
  })
  server.ms = 60_000
  const { by, ms } = one.get('/api/export', { method: 'POST', hasBody: true }, 70_000)
  expect(by).toBe(A)
  expect(ms).toBe(60_000)
})

test('nor do probes that are late again and again', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const one = client([A, B], { seed })
    one.stream(20, 50)
    const random = seeded(seed)
    for (const url of [A, B])
      Object.defineProperty(one.net.servers[url]!, 'probeMs', { get: () => 100 + 900 * random() })
    one.net.servers[A]!.ms = 80_000
    expect(one.get('/api/photo', { method: 'POST', hasBody: true }, 90_000).by).toBe(A)
  }
})

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
    const bad = writes.filter(({ outcome }) => !outcome || 'error' in outcome || outcome.answer.status >= 500)
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
