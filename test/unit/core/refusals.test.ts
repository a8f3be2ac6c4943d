import { describe, expect, test } from 'vitest'
import { A, B, C, client, listOf } from '../../support/client.ts'

/** Mirrors that live but refuse this page something by CORS. A call's `handle` holds what it needs. */

const csrf = { handle: ['Headers: x-csrf-token'] }
const tiers = [A, { url: B, tier: 0 }, { url: C, tier: 1 }]

function scene(refuses: string[], servers: Parameters<typeof client>[0] = tiers) {
  const made = client(servers)
  made.get('/api/read')
  made.clock.run(2_000)
  Object.assign(made.net.servers[A]!, { api: 'refuse' })
  Object.assign(made.net.servers[B]!, { refuses })
  const hits = (origin: string) => made.net.hits.filter(({ server }) => server === origin).length
  const problems = () => made.core.status().problems.map(({ code, message }) => `${code}: ${message}`)
  return { ...made, hits, problems }
}

const named = (line: string) => `cors: ${B}/ refuses this page: it must answer Access-Control-Allow-${line}`

describe('a mirror that refuses a header', () => {
  test('is named, stays in service, and does not cost the request its answer', () => {
    const { get, core, problems } = scene(['Headers: x-csrf-token'])
    expect(get('/api/read', csrf).by).toBe(C)
    expect(problems()).toEqual([named('Headers: x-csrf-token')])
    expect(core.status().servers.find(({ url }) => url === `${B}/`)?.state).toBe('in-service')
  })

  test('gets what comes without it, and nothing more that comes with it', () => {
    const { get, hits } = scene(['Headers: x-csrf-token'])
    get('/api/read', csrf)
    expect(get('/api/read').by).toBe(B)
    const before = hits(B)
    expect(get('/api/read', { handle: ['Headers: x-tenant', 'Headers: x-csrf-token'] }).by).toBe(C)
    expect(hits(B)).toBe(before)
  })

  test.each([
    ['five minutes', (made: ReturnType<typeof scene>) => made.clock.run(300_001)],
    ['a new list', (made: ReturnType<typeof scene>) => made.core.use(listOf(tiers))],
  ])('is asked again after %s', (_what, pass) => {
    const made = scene(['Headers: x-csrf-token'])
    made.get('/api/read', csrf)
    delete made.net.servers[B]!.refuses
    pass(made)
    expect(made.get('/api/read', csrf).by).toBe(B)
  })

  test('a write that may be repeated moves on, one that may not ends', () => {
    const { get } = scene(['Headers: x-csrf-token'])
    get('/api/read')
    const keyed = { ...csrf, method: 'POST', idempotencyKey: true }
    expect(get('/api/write', keyed).by).toBe(C)
    const once = scene(['Headers: x-csrf-token'])
    once.get('/api/read')
    const { outcome } = once.get('/api/write', { ...csrf, method: 'POST' })
    expect(outcome).toMatchObject({ error: { sent: 'unknown' } })
    expect(once.hits(C)).toBe(0)
  })
})

test('one that refuses the page altogether is asked nothing', () => {
  const { get, hits, problems } = scene(['Origin: a'])
  expect(get('/api/read').by).toBe(C)
  expect(problems()).toEqual([named('Origin: a')])
  const before = hits(B)
  expect(get('/api/other').by).toBe(C)
  expect(hits(B)).toBe(before)
})

test('where nobody else is left, the asked server is asked as if we were not there', () => {
  const { get, net, clock } = scene(['Origin: a'], [A, B])
  get('/api/read')
  clock.run(2_000)
  Object.assign(net.servers[A]!, { api: 'ok' })
  expect(get('/api/read').by).toBe(A)
})

test('one that refuses nothing but breaks its API off errs', () => {
  const { get, net, core, problems } = scene([])
  Object.assign(net.servers[B]!, { api: 'refuse', probe: 'ok' })
  for (let n = 0; n < 3; n++) expect(get('/api/read').by).toBe(C)
  expect(problems()).toEqual([])
  expect(core.status().servers.find(({ url }) => url === `${B}/`)?.state).toBe('erring')
})

test('headers that the asked server shows and a mirror hides are named', () => {
  const { net, get, core } = client([A, B])
  Object.assign(net.servers[A]!, { shown: ['ETag', 'Link'] })
  Object.assign(net.servers[B]!, { shown: ['Link'] })
  get('/api/read')
  Object.assign(net.servers[A]!, { api: 'refuse' })
  expect(get('/api/read').by).toBe(B)
  const message = `${B}/ must answer Access-Control-Expose-Headers: ETag`
  expect(core.status().problems).toEqual([{ code: 'cors', message }])
})
