import { expect, test } from 'vitest'
import { A, B, C, type ClientOptions, client } from '../../support/client.ts'
import { healthy, scriptedNetwork } from '../../support/scripted-network.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

/** A client whose wall clock can be set back, while time goes on. */
function shifted(options: ClientOptions = {}) {
  const time = virtualClock()
  let backMs = 0
  const clock = { ...time, now: () => time.now() - backMs }
  const net = scriptedNetwork(clock, [A, B, C])
  const setBack = (ms: number) => {
    backMs = ms
  }
  return { ...client([A, B, C], { shared: { clock, net }, ...options }), setBack }
}

test('half a second while an answer is under way: its far server is not held to be near', () => {
  const { net, get, send, clock, setBack, core } = shifted()
  net.servers[A] = { ...healthy, ms: 250, probeMs: 250 }
  for (let i = 0; i < 30; i++) get('/api/read')
  send('/api/read')
  clock.run(100)
  setBack(500)
  clock.run(1_000)
  for (let i = 0; i < 3; i++) {
    get('/api/read')
    clock.run(1_000)
  }
  // A new connection takes four journeys.
  net.servers[A] = { ...healthy, ms: 4_000, probe: 'ok', probeMs: 900 }
  clock.run(10_000)
  get('/api/slow', {}, 60_000)
  expect(core.status().servers.map(({ state }) => state)).toEqual(['in-service', 'in-service', 'in-service'])
})

test('an hour: a good probe of before does not speak for a server that hangs now', () => {
  const { net, get, core, clock, setBack } = shifted({ overtake: false })
  get('/api/read')
  clock.run(20_000)
  core.look(`${A}/`, () => {})
  clock.run(2_000)
  setBack(3_600_000)
  net.servers[A] = { ...healthy, api: 'hang' }
  clock.run(60_000)
  const read = get('/api/read')
  expect([B, C]).toContain(read.by)
  expect(read.ms).toBeLessThan(1_000)
})

test('an hour: a read without a network ends after 10 s all the same', () => {
  const { net, get, setBack } = shifted()
  get('/api/read')
  setBack(3_600_000)
  net.cut = 'silent'
  const read = get('/api/read')
  expect(read.by).toBe('unreachable')
  expect(read.ms).toBeLessThanOrEqual(11_000)
})
