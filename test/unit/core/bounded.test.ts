import { expect, test } from 'vitest'
import { A, client } from '../../support/client.ts'
import { type Behaviour, healthy, scriptedNetwork } from '../../support/scripted-network.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

const mirrors = Array.from({ length: 8 }, (_, i) => `https://mirror${i}.example`)

/** A client of nine servers that behave like this behind good probes. */
function many(primary: Partial<Behaviour>, mirror: Partial<Behaviour>) {
  const clock = virtualClock()
  const net = scriptedNetwork(clock, [A, ...mirrors])
  const one = client([A, ...mirrors], { shared: { clock, net } })
  const behindProbe = { ...healthy, probe: 'ok', probeStatus: 200 } as const
  for (const url of mirrors) net.servers[url] = { ...behindProbe, ...mirror }
  net.servers[A] = { ...behindProbe, ...primary }
  return one
}

test('a slow read that all mirrors answer with 500 is asked of two of them', () => {
  const { net, get } = many({ ms: 20_000 }, { status: 500 })
  expect(get('/api/read').by).toBe(A)
  expect(net.hits).toHaveLength(3)
})

test('where all want peace for a while, not every read is sent to all', () => {
  const overloaded = { status: 503, retryAfterMs: 30_000 }
  const { net, get } = many(overloaded, overloaded)
  for (let i = 0; i < 21; i++) get('/api/read')
  expect(net.hits.length).toBeLessThan(2 * 21)
})
