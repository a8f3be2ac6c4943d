import { describe, expect, test } from 'vitest'
import { A, B, C, type Client, client, D } from '../../support/client.ts'

/** All servers are well, and all far away. */
function far(ms: number, servers: readonly string[]): Client {
  const one = client(servers)
  for (const server of Object.values(one.net.servers)) Object.assign(server, { ms, probeMs: ms })
  return one
}

describe.each([[[A, B]], [[A, B, C, D]]])('where every answer is late, among %o', servers => {
  test.each([250, 350, 600, 900, 1_500, 2_500])(
    'by %d ms, a write after a pause goes out, and its server is not blamed',
    ms => {
      const { get, clock, net, core } = far(ms, servers)
      get('/api/read')
      clock.run(6_000)
      const write = get('/api/write', { method: 'POST', hasBody: true })
      expect(write.outcome).toHaveProperty('answer')
      // The probe, the next one that was asked meanwhile, and the write.
      expect(write.ms).toBeLessThanOrEqual(2 * ms + 1_600)
      expect(net.hits.filter(({ method }) => method === 'POST')).toHaveLength(1)
      clock.run(5_000)
      const out = core.status().servers.flatMap(({ url, state }) => (state === 'in-service' ? [] : url))
      expect(out).not.toContain(`${A}/`)
      if (ms < 1_000) expect(out).toEqual([])
    },
  )
})

test('a server that hangs is told by its silence there too, and reads move', () => {
  const one = far(350, [A, B, C])
  one.stream(10, 500)
  one.net.servers[A]!.api = 'hang'
  const { by, ms } = one.get('/api/read')
  expect([B, C]).toContain(by)
  expect(ms).toBeLessThanOrEqual(3_000)
})
