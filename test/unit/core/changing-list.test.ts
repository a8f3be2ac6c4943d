import { expect, test } from 'vitest'
import { A, B, C, client, D, listOf } from '../../support/client.ts'

/** A client that has not heard from anybody for a while, so that a write must wait for a probe of B or C first. */
function waiting() {
  const one = client([A, B, C])
  one.get('/api/read')
  one.clock.run(20_000)
  for (const mirror of [B, C]) one.net.servers[mirror]!.probeMs = 200
  one.net.hits.length = 0
  return one
}

test('a server that a new list does not name gets no write, though it had been asked to prove itself', () => {
  const { net, send, core, clock } = waiting()
  net.servers[A]!.api = 'refuse'
  send('/api/order', { method: 'POST' })
  clock.run(100)
  core.use(listOf([A, D]))
  clock.run(20_000)
  expect(net.hits.filter(({ server }) => server !== A && server !== D)).toEqual([])
})

test('nor more than a new list allows it: what it gets is by the new entry', () => {
  const { net, send, core, clock } = waiting()
  const sent: (string | undefined)[] = []
  const { send: real } = net
  net.send = (outgoing, events) => {
    sent.push(outgoing.server?.credentials)
    return real(outgoing, events)
  }
  core.use(listOf([A, { url: B, credentials: 'include' }]))
  net.servers[A]!.api = 'refuse'
  send('/api/order', { method: 'POST' })
  clock.run(100)
  core.use(listOf([A, { url: B, credentials: 'omit' }]))
  clock.run(20_000)
  expect(sent).toEqual(['omit'])
})

test('a write ends when the server that it waited for was found dead and is in no list any more', () => {
  const { net, send, core, clock } = waiting()
  Object.assign(net.servers[A]!, { status: 500, probeStatus: 200 })
  const write = send('/api/order', { method: 'POST', idempotencyKey: true })
  clock.run(50)
  const now = clock.now()
  const out = { cause: 'dead', since: now, until: now + 30_000, goodProbes: 0, nextProbeAt: now + 30_000 }
  const record = { heardAt: now, ejectionsAt: now, out }
  core.restore({ servers: { [`${B}/`]: record, [`${C}/`]: record } })
  core.use(listOf([A]))
  clock.run(60_000)
  expect(write.by).toBe(A)
})
