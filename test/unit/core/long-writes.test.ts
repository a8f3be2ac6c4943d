import { expect, test } from 'vitest'
import { A, B, C, client } from '../../support/client.ts'
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
