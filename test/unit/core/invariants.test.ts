import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { A, B, C, client, D, type Sent } from '../../support/client.ts'
import type { Behaviour } from '../../support/scripted-network.ts'

/** What may happen to a server, or be asked, in a random story. */
const behaviour: fc.Arbitrary<Partial<Behaviour>> = fc.oneof(
  fc.constant<Partial<Behaviour>>({ api: 'ok', status: 200, ms: 5, probe: undefined }),
  fc.constantFrom<Partial<Behaviour>>(
    { api: 'refuse' },
    { api: 'hang' },
    { api: 'hang', probe: 'ok' },
    { api: 'stall' },
    { api: 'break' },
    { status: 500, probeStatus: 200 },
    { status: 503, probeStatus: 503 },
    { status: 503, retryAfterMs: 5_000 },
    { status: 404 },
    { ms: 3_000 },
  ),
)

type Step =
  | { do: 'fault'; server: string; behaviour: Partial<Behaviour> }
  | { do: 'send'; method: string; key: boolean }
  | { do: 'wait'; ms: number }
  | { do: 'cut'; how: false | 'silent' | 'refused' }
  | { do: 'abort'; which: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      method: fc.constantFrom('GET', 'GET', 'GET', 'POST', 'PUT'),
      key: fc.boolean(),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('fault' as const), server: fc.constantFrom(A, A, B, C, D), behaviour }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(1, 20, 300, 1_000, 5_000, 40_000) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('cut' as const),
      how: fc.constantFrom(false as const, 'silent' as const, 'refused' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('abort' as const), which: fc.nat(30) }) },
)

interface Told {
  id: number
  method: string
  key: boolean
  sent: Sent
  abortedAt?: number
}

function tell(steps: readonly Step[], seed: number) {
  const all = client([A, B, C, D], { seed })
  const { net, clock, core } = all
  const told: Told[] = []
  for (const one of steps) {
    if (one.do === 'fault')
      Object.assign(
        net.servers[one.server]!,
        { api: 'ok', status: 200, ms: 5, probe: undefined, probeStatus: undefined, retryAfterMs: undefined },
        one.behaviour,
      )
    if (one.do === 'wait') clock.run(one.ms)
    if (one.do === 'cut') net.cut = one.how
    if (one.do === 'send') {
      const id = 1_000 + told.length
      const sent = all.send(`/api/thing/${id}`, {
        method: one.method,
        idempotencyKey: one.key,
        hasBody: one.method !== 'GET',
      })
      told.push({ id, method: one.method, key: one.key, sent })
    }
    if (one.do === 'abort') {
      const which = told[one.which]
      if (which && !which.sent.outcome && which.abortedAt === undefined) {
        which.sent.abort()
        which.abortedAt = clock.now()
      }
    }
  }
  return { ...all, told, core }
}

vi.setConfig({ testTimeout: 120_000 })

const runs = { numRuns: process.env.FULL === '1' ? 5_000 : 400 }
const story = [fc.array(step, { minLength: 5, maxLength: 60 }), fc.nat(1_000)] as const

test('no request asks the same server twice, and none that may not be repeated goes out twice', () => {
  fc.assert(
    fc.property(...story, (steps, seed) => {
      const { net, told, clock } = tell(steps, seed)
      clock.run(60_000)
      for (const { id, method, key } of told) {
        const hits = net.hits.filter(hit => hit.path.endsWith(`/${id}`))
        expect(new Set(hits.map(hit => hit.server)).size).toBe(hits.length)
        if (method === 'POST' && !key) expect(hits.length).toBeLessThanOrEqual(1)
      }
    }),
    runs,
  )
})

test('every read with a try left settles when all servers are well again, and an aborted one does nothing more', () => {
  fc.assert(
    fc.property(...story, (steps, seed) => {
      const { net, told, clock } = tell(steps, seed)
      net.cut = false
      for (const server of Object.values(net.servers))
        Object.assign(server, {
          api: 'ok',
          status: 200,
          ms: 5,
          probe: undefined,
          probeStatus: undefined,
          retryAfterMs: undefined,
        })
      clock.run(120_000)
      for (const { id, method, sent, abortedAt } of told) {
        if (abortedAt !== undefined) {
          expect(sent.outcome).toBeUndefined()
          expect(net.hits.filter(hit => hit.path.endsWith(`/${id}`) && hit.at > abortedAt)).toEqual([])
          continue
        }
        // Two tries are all it gets; what hangs on both is left alone while their servers answer.
        const hits = net.hits.filter(hit => hit.path.endsWith(`/${id}`))
        if (method === 'GET' && hits.length < 2) expect(sent.outcome, `${method} ${id}`).toBeDefined()
      }
    }),
    runs,
  )
})

test('never all servers out, and of those that answer at most half', () => {
  fc.assert(
    fc.property(...story, (steps, seed) => {
      const { core } = tell(steps, seed)
      const states = core.status().servers.map(server => server.state)
      expect(states.filter(state => ['dead', 'slow', 'erring'].includes(state)).length).toBeLessThan(states.length)
      expect(states.filter(state => state === 'slow' || state === 'erring').length).toBeLessThanOrEqual(
        states.length / 2,
      )
    }),
    runs,
  )
})

test('a read in total silence ends within 11 s', () => {
  fc.assert(
    fc.property(...story, (steps, seed) => {
      const { net, send, clock } = tell(steps, seed)
      for (const server of Object.values(net.servers)) Object.assign(server, { api: 'hang', probe: 'hang' })
      clock.run(15_000)
      const read = send('/api/last/1')
      clock.run(11_000)
      expect(read.outcome).toHaveProperty('error')
    }),
    runs,
  )
})

test('a living primary is asked first, whatever happened to others, once it is in service', () => {
  fc.assert(
    fc.property(...story, (steps, seed) => {
      const { net, get, core, told, clock } = tell(steps, seed)
      for (const one of told) if (!one.sent.outcome) one.sent.abort()
      net.cut = false
      Object.assign(net.servers[A]!, {
        api: 'ok',
        status: 200,
        ms: 5,
        probe: 'ok',
        probeStatus: 200,
        retryAfterMs: undefined,
      })
      clock.run(11_000)
      if (core.inService(A)) expect(get('/api/fresh').by).toBe(A)
    }),
    runs,
  )
})
