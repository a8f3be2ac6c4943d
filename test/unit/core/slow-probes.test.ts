import { expect, test } from 'vitest'
import { A, B, C, type Client, client, D } from '../../support/client.ts'
import { type Behaviour, scriptedNetwork } from '../../support/scripted-network.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

/** Mirrors that are far away: a first answer of each, to a probe too, takes longer than a probe may. */

/** A client whose primary has a fault; its mirrors are asked in this order, and take so long each. */
function far(fault: Partial<Behaviour>, ...ms: number[]): Client {
  const mirrors = [B, C, D].slice(0, ms.length)
  const one = client([A, ...mirrors.map((url, tier) => ({ url, tier }))])
  Object.assign(one.net.servers[A]!, fault)
  for (const [i, mirror] of mirrors.entries()) Object.assign(one.net.servers[mirror]!, { ms: ms[i], probeMs: ms[i] })
  return one
}

const out = ({ core }: Client) =>
  core.status().servers.flatMap(({ url, state }) => (state === 'in-service' ? [] : `${url} ${state}`))

test.each([[[400]], [[400, 400]], [[400, 400, 400]]])(
  'a read that went along with a late probe is waited for (%o)',
  ms => {
    const read = far({ api: 'refuse' }, ...ms).get('/api/read')
    expect(read.by).toBe(B)
    expect(read.ms).toBeLessThanOrEqual(450)
  },
)

test('a body that broke off is nothing to show: the third mirror is asked too', () => {
  expect(far({ api: 'break' }, 20_000, 20_000, 5).get('/api/read').by).toBe(D)
})

test('a server whose answer came late is found when nobody else is', () => {
  const one = far({ api: 'refuse' }, 20_000, 320, 350)
  const { by, ms } = one.get('/api/read')
  expect([C, D]).toContain(by)
  expect(ms).toBeLessThanOrEqual(1_300)
})

test('so is it for a write with a key, which goes to nobody without a sign of life', () => {
  const { by, ms } = far({ api: 'refuse' }, 350, 350, 350).get('/api/write', { method: 'POST', idempotencyKey: true })
  expect(by).toBe(B)
  expect(ms).toBeLessThanOrEqual(1_000)
})

test('once the read is answered nobody is asked any more, and no mirror is thought dead', () => {
  const one = far({ api: 'refuse' }, 450, 450, 450)
  expect(one.get('/api/read').by).toBe(B)
  one.clock.run(3_000)
  expect(out(one)).toEqual([`${A}/ dead`])
  expect(one.net.probes.filter(({ server }) => server === D)).toEqual([])
})

test('once the page has given up nobody is asked any more', () => {
  const one = far({ api: 'refuse' }, 20_000, 20_000, 20_000)
  const sent = one.send('/api/read')
  one.clock.run(100)
  sent.abort()
  one.clock.run(3_000)
  expect(one.net.probes.filter(({ server }) => server === D)).toEqual([])
})

test('a search among very many silent servers ends with the silence that a read may have', () => {
  const clock = virtualClock()
  const mirrors = Array.from({ length: 100 }, (_, i) => `https://m${i}.example`)
  const net = scriptedNetwork(clock, [A, ...mirrors])
  for (const mirror of mirrors) net.servers[mirror]!.api = 'hang'
  net.servers[A]!.api = 'refuse'
  const one = client([A, ...mirrors], { shared: { clock, net } })
  const { by, ms } = one.get('/api/write', { method: 'POST', idempotencyKey: true })
  expect(by).toBe('unreachable')
  expect(ms).toBeGreaterThanOrEqual(9_000)
  expect(ms).toBeLessThanOrEqual(11_500)
})

test('a probe answered just before its server died clears it of nothing', () => {
  const one = client()
  const { net, clock, core } = one
  one.stream(10, 50)
  clock.run(1_000)
  const { send } = net
  // Requests are cut off after 100 ms, when the server dies.
  net.send = (outgoing, events) => {
    if (!outgoing.url.startsWith(A)) return send(outgoing, events)
    return { abort: clock.after(100, () => events.failed('network error')) }
  }
  const sent = Array.from({ length: 40 }, () => one.send('/api/read'))
  clock.run(50)
  core.look(A, () => {})
  clock.run(20)
  net.servers[A]!.api = 'refuse'
  clock.run(10_000)
  expect(net.probes.filter(({ server }) => server === A).length).toBeGreaterThanOrEqual(2)
  expect(sent.filter(({ outcome }) => !outcome || 'error' in outcome)).toEqual([])
})
