import { expect, test } from 'vitest'
import { A, client } from '../../support/client.ts'
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
  for (const count of [1, 3]) {
    const { net, stream, get, reads } = afterSlowReads(count)
    expect(reads.map(({ by }) => by)).toEqual(reads.map(() => A))
    Object.assign(net.servers[A]!, fault)
    // The first is alone: nobody else's failure helps it.
    const all = [get('/api/read'), get('/api/read'), ...stream(50, 20), get('/api/read')]
    expect(all.filter(({ outcome }) => !outcome || 'error' in outcome || outcome.answer.status >= 500)).toEqual([])
    expect(Math.max(...all.map(({ ms }) => ms!))).toBeLessThan(count > 1 ? 11_000 : 2_700)
  }
})
