import { expect, test } from 'vitest'
import { A, B, C, client, D } from '../../support/client.ts'
import type { Behaviour } from '../../support/scripted-network.ts'

const stall: Partial<Behaviour> = { api: 'stall' }
const torn: Partial<Behaviour> = { api: 'break' }
const sick: Partial<Behaviour> = { status: 500, probeStatus: 200 }

test.each([
  ['a stalled primary', stall, [A, B, C]],
  ['one that breaks off', torn, [A, B, C]],
  ['one that breaks off, and one server more', torn, [A, B, C, D]],
  ['one that errs', sick, [A, B, C]],
] as const)('no body of a mirror that stands still keeps a read for ever, behind %s', (_name, fault, servers) => {
  for (let seed = 1; seed <= 20; seed++) {
    const one = client(servers, { seed })
    one.stream(40, 50)
    Object.assign(one.net.servers[A]!, fault)
    Object.assign(one.net.servers[B]!, stall)
    const { by, ms } = one.get('/api/read')
    expect([C, D]).toContain(by)
    expect(ms).toBeLessThanOrEqual(2_600)
  }
})

test('half of JSON of unknown length is no answer while another server has the whole', () => {
  const one = client()
  Object.assign(one.net.servers[A]!, { ...stall, lengthBytes: undefined })
  for (let read = 1; read <= 2; read++) {
    const { by, ms } = one.get('/api/read')
    expect([B, C, D]).toContain(by)
    expect(ms).toBeLessThanOrEqual(1_100)
  }
  expect(one.core.status().servers.find(({ url }) => url === `${A}/`)?.state).toBe('slow')
})

test('where all stop in the middle, the page gets what there is after a few seconds', () => {
  const one = client()
  for (const server of Object.values(one.net.servers)) Object.assign(server, { ...stall, lengthBytes: undefined })
  const { by, ms } = one.get('/api/read')
  expect(Object.keys(one.net.servers)).toContain(by)
  expect(ms).toBeLessThanOrEqual(5_100)
})

test('half of a body is let go for nothing while another server is asked for the whole', () => {
  for (const ms of [1_500, 2_100, 3_000]) {
    const one = client([A, B])
    Object.assign(one.net.servers[A]!, { ...stall, lengthBytes: undefined })
    one.net.servers[B]!.ms = ms
    expect(one.get('/api/read').by).toBe(B)
  }
})
