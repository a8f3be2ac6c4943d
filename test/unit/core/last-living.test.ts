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
