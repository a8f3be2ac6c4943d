import { expect, test } from 'vitest'
import { A, client } from '../../support/client.ts'
import type { Behaviour } from '../../support/scripted-network.ts'

/** A client that notes what is sent to `A` while it is out. */
function watched(seed: number) {
  const one = client(undefined, { seed })
  const state = () => one.core.status().servers.find(({ url }) => url === `${A}/`)!.state
  const isOut = () => !['in-service', 'suspect'].includes(state())
  const asked: string[] = []
  const { send } = one.net
  one.net.send = (outgoing, events) => {
    if (outgoing.url.startsWith(A) && isOut()) asked.push(`${outgoing.call.method} while ${state()}`)
    return send(outgoing, events)
  }
  return { ...one, state, isOut, asked }
}

/** Shorter than any ejection. */
const watchMs = 12_000

/** What befalls the primary, and what that makes of it. */
const faults: [name: string, change: Partial<Behaviour>, states: string[]][] = [
  ['refuses', { api: 'refuse' }, ['dead']],
  ['hangs', { api: 'hang' }, ['dead']],
  ['answers 503', { status: 503 }, ['dead', 'erring']],
  ['answers 503 behind a green health page', { status: 503, probeStatus: 200 }, ['erring']],
  ['answers 503 with Retry-After', { status: 503, retryAfterMs: 30_000 }, ['backed-off']],
  ['resets behind a green health page', { api: 'refuse', probe: 'ok' }, ['erring']],
  ['stalls in mid-body', { api: 'stall' }, ['slow', 'dead']],
  ['breaks off in mid-body', { api: 'break' }, ['erring']],
  ['takes 8 s', { ms: 8_000, probe: 'ok' }, ['slow']],
  ['hangs behind a green health page', { api: 'hang', probe: 'ok' }, ['slow']],
]

test.each(faults)('under load, a primary that %s is never asked after its ejection', (_name, change, states) => {
  for (let seed = 1; seed <= 5; seed++) {
    const { net, send, stream, clock, state, isOut, asked } = watched(seed)
    stream(60, 20)
    for (let i = 0; i < 64; i++) send('/api/read')
    Object.assign(net.servers[A]!, change)
    const struckAt = net.hits.length
    for (let ms = 0; ms < watchMs; ms += 10) {
      send('/api/read')
      if (ms % 50 === 0) send('/api/list')
      // After a write that the primary took, no read would leave it for 10 s.
      if (isOut()) for (const method of ['POST', 'PUT']) send('/api/order/1', { method })
      clock.run(10)
    }
    expect(states).toContain(state())
    const hits = net.hits.slice(struckAt)
    expect(hits.some(({ server }) => server === A)).toBe(true)
    const elsewhere = hits.filter(({ server }) => server !== A).map(({ method }) => method)
    expect(elsewhere.length).toBeGreaterThan(1_000)
    expect(elsewhere).toEqual(expect.arrayContaining(['GET', 'POST', 'PUT']))
    expect(asked).toEqual([])
  }
})

test.each([
  ['a POST with a key moves', 'POST', true],
  ['a PUT, which might undo a later one, stays', 'PUT', false],
])('%s when its server is out because it hangs behind its probe', (_what, method, moves) => {
  const { net, send, get, stream, clock } = client()
  stream(30, 100)
  Object.assign(net.servers[A]!, { api: 'hang', probe: 'ok' })
  const write = send('/api/order', { method, idempotencyKey: moves, hasBody: true })
  // For some seconds after a write no read is raced, lest it miss what was written.
  clock.run(11_000)
  for (let i = 0; i < 3; i++) get('/api/read')
  expect(net.hits.filter(hit => hit.method === method)).toHaveLength(moves ? 2 : 1)
  expect(write.by !== undefined).toBe(moves)
})
