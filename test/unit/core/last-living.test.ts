import { expect, test } from 'vitest'
import { A, B, C, client, D } from '../../support/client.ts'

test.each([
  ['GET', 'hang'],
  ['GET', 'refuse'],
  ['PUT', 'hang'],
  ['PUT', 'refuse'],
  ['POST', 'hang'],
] as const)('a %s of 60 s on the last living server is left alone while the others %s', (method, how) => {
  const one = client()
  for (const server of [B, C, D]) one.net.servers[server]!.api = how
  one.net.servers[A]!.ms = 60_000
  one.net.servers[A]!.probe = 'ok'
  expect(one.get('/api/export', { method }, 70_000).by).toBe(A)
  expect(one.net.hits.filter(({ server }) => server === A)).toHaveLength(1)
})

test('but one that gives no sign of life is not waited for', () => {
  const one = client()
  for (const server of [A, B, C, D]) one.net.servers[server]!.api = 'hang'
  const { by, ms } = one.get('/api/export', {}, 70_000)
  expect(by).toBe('unreachable')
  expect(ms).toBeLessThanOrEqual(11_000)
})

/** A restarted and was found dead, has come back meanwhile, and B restarts before anybody asked A. */
test.each([
  ['refuse', [A, B]],
  ['refuse', [A, B, C]],
] as const)('a rolling restart: the first server is asked again when the others %s', (api, servers) => {
  const one = client(servers)
  one.stream(40, 50)
  one.net.servers[A]!.api = 'refuse'
  one.stream(40, 50)
  one.net.servers[A]!.api = 'ok'
  one.stream(60, 50)
  for (const server of servers.slice(1)) one.net.servers[server]!.api = api
  const reads = Array.from({ length: 20 }, () => one.send('/api/read'))
  one.clock.run(5_000)
  expect(reads.map(({ by }) => by)).toEqual(reads.map(() => A))
  expect(Math.max(...reads.map(({ ms }) => ms!))).toBeLessThanOrEqual(700)
})

test.each(['refuse', 'hang'] as const)(
  'one that came back while a probe of it is lost is asked anew when the other servers %s',
  api => {
    const one = client([A, B])
    one.stream(40, 50)
    one.net.servers[A]!.api = 'hang'
    one.stream(20, 50)
    one.clock.run(100)
    one.net.servers[A]!.api = 'ok'
    one.clock.run(1_500)
    one.net.servers[B]!.api = api
    const { by, ms } = one.get('/api/read')
    expect(by).toBe(A)
    expect(ms).toBeLessThanOrEqual(1_500)
  },
)
