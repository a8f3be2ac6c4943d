import { expect, test } from 'vitest'
import { A, B, C, client, D, type Sent } from '../support/client.ts'
import { scriptedNetwork } from '../support/scripted-network.ts'
import { seeded } from '../support/seeded.ts'
import { virtualClock } from '../support/virtual-clock.ts'

/** A crowd of clients on one clock and the same four servers, each asking about once a second, by chance. */
function crowd(size: number) {
  const clock = virtualClock()
  const net = scriptedNetwork(clock, [A, B, C, D])
  const clients = Array.from({ length: size }, (_, seed) =>
    client([A, B, C, D], { seed: seed + 1, shared: { clock, net } }),
  )
  const random = seeded(7)
  const sent: Sent[] = []
  return {
    clock,
    net,
    sent,
    run(seconds: number) {
      for (let ms = 0; ms < seconds * 1_000; ms += 10) {
        for (const one of clients) if (random() < 0.01) sent.push(one.send('/api/read'))
        clock.run(10)
      }
    },
  }
}

test('300 clients lose their primary: no read fails, nobody storms, and the others share its work', () => {
  const { net, run, sent, clock } = crowd(300)
  run(5)
  Object.assign(net.servers[A]!, { api: 'hang' })
  net.hits.length = 0
  sent.length = 0
  run(20)
  clock.run(15_000)
  const failed = sent.filter(one => !one.outcome || 'error' in one.outcome)
  expect(failed).toEqual([])
  // One try more than requests for each client's first, and a few.
  expect(net.hits.length / sent.length).toBeLessThanOrEqual(1.15)
  const shares = [B, C, D].map(server => net.hits.filter(hit => hit.server === server).length / sent.length)
  for (const share of shares) expect(share).toBeGreaterThan(0.2)
  expect(Math.max(...shares)).toBeLessThan(0.45)
})

test('60 clients and all servers silent: next to nothing is sent again', () => {
  const { net, run, sent, clock } = crowd(60)
  run(5)
  for (const server of [A, B, C, D]) Object.assign(net.servers[server]!, { api: 'hang' })
  net.hits.length = 0
  sent.length = 0
  run(20)
  clock.run(15_000)
  expect(sent.every(one => one.outcome && 'error' in one.outcome)).toBe(true)
  expect(net.hits.length / sent.length).toBeLessThanOrEqual(1.1)
})

test.each([
  ['answer 503', { status: 503, probeStatus: 200 }, 1.1],
  ['answer 500', { status: 500, probeStatus: 200 }, 1.1],
  ['break every connection of their API', { api: 'refuse', probe: 'ok' } as const, 1.25],
  ['are slow', { ms: 3_000 }, 1.1],
])('60 clients and all servers that %s: few requests are sent again', (_what, fault, most) => {
  const { net, run, sent, clock } = crowd(60)
  run(5)
  for (const server of [A, B, C, D]) Object.assign(net.servers[server]!, fault)
  net.hits.length = 0
  sent.length = 0
  run(60)
  clock.run(15_000)
  expect(net.hits.length / sent.length).toBeLessThanOrEqual(most)
})
