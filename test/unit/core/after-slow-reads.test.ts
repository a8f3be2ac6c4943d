import { expect, test } from 'vitest'
import { A, B, C, client, D, failures } from '../../support/client.ts'
import { type Behaviour, healthy } from '../../support/scripted-network.ts'

const faults: [string, Partial<Behaviour>][] = [
  ['answers 503', { status: 503 }],
  ['answers 503 behind its probe', { status: 503, probeStatus: 200 }],
  ['errs behind its probe', { status: 500, probeStatus: 200 }],
  ['refuses', { api: 'refuse' }],
  ['hangs', { api: 'hang' }],
  ['hangs behind its probe', { api: 'hang', probe: 'ok' }],
  ['is slow', { ms: 8_000, probeMs: 2 }],
  ['has bodies that break off', { api: 'break' }],
  ['has bodies that stand still', { api: 'stall' }],
]

/** A client that has just waited for slow reads of a path never seen, of servers that are all well. */
function afterSlowReads(count: number) {
  const one = client()
  one.stream(30, 100)
  const slow = { ms: 5_000, probe: 'ok', probeMs: 2 } as const
  for (const server of Object.values(one.net.servers)) Object.assign(server, slow)
  const reads = one.stream(count, 0, '/api/report')
  one.clock.run(6_000)
  for (const url of Object.keys(one.net.servers)) one.net.servers[url] = { ...healthy }
  return { ...one, reads }
}

test.each(faults)('reads that were slow by nature disarm nothing: then the primary %s', (_what, fault) => {
  for (const count of [1, 3, 6]) {
    const { net, stream, get, reads } = afterSlowReads(count)
    expect(reads.map(({ by }) => by)).toEqual(reads.map(() => A))
    Object.assign(net.servers[A]!, fault)
    // The first is alone: nobody else's failure helps it.
    const all = [get('/api/read'), get('/api/read'), ...stream(50, 20), get('/api/read')]
    expect(failures(all)).toEqual([])
    expect(Math.max(...all.map(({ ms }) => ms!))).toBeLessThan(2_700)
  }
})

/** A path that errs by nature, on all servers, is asked for again and again before the fault. */
test.each(faults)('nor does a path that always errs: then the primary %s', (_what, fault) => {
  const one = client()
  one.stream(30, 100)
  const erring = { status: 500, probe: 'ok', probeStatus: 200 } as const
  for (let i = 0; i < 6; i++) {
    for (const server of Object.values(one.net.servers)) Object.assign(server, erring)
    expect(one.get('/api/broken').by).toMatch(/^https/)
    for (const url of Object.keys(one.net.servers)) one.net.servers[url] = { ...healthy }
    one.get('/api/read')
  }
  // Whoever has just erred is asked last.
  one.clock.run(11_000)
  Object.assign(one.net.servers[A]!, fault)
  const all = [one.get('/api/read'), one.get('/api/read'), ...one.stream(50, 20), one.get('/api/read')]
  expect(failures(all)).toEqual([])
  expect(Math.max(...all.map(({ ms }) => ms!))).toBeLessThan(2_700)
})

test.each([2, 4])(
  'nor does a network that was gone for 3 s, or two slow answers: a hang is found in time, of %d servers',
  count => {
    for (const [history, behindProbe] of [['gone'], ['slow'], ['slow', 'behind its probe']]) {
      const one = client([A, B, C, D].slice(0, count))
      one.stream(40, 20)
      if (history === 'gone') {
        one.net.cut = 'silent'
        one.stream(6, 500)
        one.net.cut = false
        one.clock.run(12_000)
      } else {
        one.net.servers[A]!.ms = 2_000
        for (let i = 0; i < 2; i++) one.get('/api/read')
        one.net.servers[A]!.ms = 5
      }
      for (let i = 0; i < 5; i++) one.get('/api/read')
      Object.assign(one.net.servers[A]!, { api: 'hang', ...(behindProbe && { probe: 'ok' }) })
      const all = one.stream(100, 20)
      one.clock.run(12_000)
      expect(Math.max(...all.map(({ ms }) => ms!))).toBeLessThan(behindProbe ? 2_600 : 1_200)
    }
  },
)

test('nor do the first reads of all, when they were slow and three servers were asked for each', () => {
  const { net, get, stream, clock } = client()
  for (const server of Object.values(net.servers)) Object.assign(server, { ms: 6_000, probe: 'ok', probeMs: 2 })
  stream(3, 0, '/api/report')
  clock.run(20_000)
  for (const url of Object.keys(net.servers)) net.servers[url] = { ...healthy }
  for (let i = 0; i < 10; i++) get('/api/read')
  Object.assign(net.servers[A]!, { api: 'hang', probe: 'ok' })
  expect(get('/api/read').ms).toBeLessThan(2_700)
})

test('nor do reads that were moved and then aborted, as those of a search while somebody types', () => {
  const { net, send, stream, clock } = client()
  stream(30, 100)
  for (const mirror of [B, C, D]) net.servers[mirror]!.ms = 300
  Object.assign(net.servers[A]!, { status: 500, probe: 'ok', probeStatus: 200 })
  const typed = [send('/api/read'), send('/api/read')]
  clock.run(100)
  for (const read of typed) read.abort()
  const all = stream(200, 20)
  clock.run(12_000)
  expect(failures(all)).toEqual([])
})
