import { expect, test } from 'vitest'
import { A, B, C, client, listOf } from '../../support/client.ts'

test('a server that a policy forbids is named and left out, and nobody else is', () => {
  const { core, net, get } = client([A, B, { url: C, tier: 1 }])
  core.forbid(`${B}/healthz`)
  Object.assign(net.servers[A]!, { api: 'refuse' })
  expect(get('/api/read').by).toBe(C)
  expect(net.hits.some(({ server }) => server === B)).toBe(false)
  const { problems, servers } = core.status()
  expect(problems).toEqual([{ code: 'csp', message: `Content-Security-Policy needs connect-src ${B}` }])
  expect(servers.map(({ url }) => url)).toEqual([`${A}/`, `${C}/`])
})

test('a request that met it first goes on', () => {
  const { core, net, send, clock } = client([A, B, { url: C, tier: 1 }])
  for (const server of [A, B]) Object.assign(net.servers[server]!, { api: 'refuse', probe: 'ok' })
  const sent = send('/api/read')
  for (let ms = 0; ms < 1_000 && !net.hits.some(({ server }) => server === B); ms++) clock.run(1)
  clock.run(2)
  core.forbid(`${B}/api/read`)
  clock.run(3_000)
  expect(sent.by).toBe(C)
})

test('a policy that forbids somebody else is nothing of ours', () => {
  const { core } = client([A, B])
  core.forbid('https://b.example.org/x')
  expect(core.status()).toMatchObject({ problems: [], servers: [{}, {}] })
  client([]).core.forbid(`${B}/`)
})

test('the next list does not bring it back', () => {
  const { core } = client([A, B])
  core.forbid(B)
  core.use(listOf([A, B, C]))
  expect(core.status().servers.map(({ url }) => url)).toEqual(expect.arrayContaining([`${A}/`, `${C}/`]))
  expect(core.status().servers).toHaveLength(2)
})
