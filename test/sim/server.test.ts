import { expect, test } from 'vitest'
import { seeded } from '../support/seeded.ts'
import { createServer, type Fault, type ServerOptions } from './engine/server.ts'

const server = (options: Partial<ServerOptions> = {}, seed = 1) => createServer({ rate: 100, ...options }, seeded(seed))

/** Mean time from arrival to answer in milliseconds, at `perSecond` arrivals by chance. */
function meanSojourn(perSecond: number, options: Partial<ServerOptions> = {}): number {
  const one = server(options)
  const random = seeded(2)
  const count = 200_000
  let now = 0
  let total = 0
  for (let n = 0; n < count; n++) {
    now += (-Math.log(1 - random()) * 1_000) / perSecond
    total += one.take(now, 1).at - now
  }
  return total / count
}

test.each([0.5, 0.8])('a queue at load %f takes as long as theory says: 1 / (rate − arrivals)', load => {
  const expected = 1_000 / (100 - 100 * load)
  expect(meanSojourn(100 * load)).toBeGreaterThan(0.94 * expected)
  expect(meanSojourn(100 * load)).toBeLessThan(1.06 * expected)
})

test('who comes first is served first', () => {
  const one = server()
  const ends = Array.from({ length: 100 }, (_, now) => one.take(now, 1).at)
  expect(ends).toEqual([...ends].sort((a, b) => a - b))
})

test('at a fifth of its speed the same work takes five times as long, and what is under way slows down with it', () => {
  const slow: Fault = { from: 0, until: 1_000_000, kind: 'capacity', amount: 0.2 }
  expect(server({ faults: [slow] }).take(0, 1).at).toBeCloseTo(5 * server().take(0, 1).at, 6)
  const usual = server().take(0, 1).at
  const half = { ...slow, from: usual / 2 }
  expect(server({ faults: [half] }).take(0, 1).at).toBeCloseTo(usual / 2 + (5 * usual) / 2, 6)
})

const during = (kind: Fault['kind'], more: Partial<Fault> = {}): Fault => ({ from: 100, until: 200, kind, ...more })

test('a hole swallows what is sent to it, and what it would answer', () => {
  const one = server({ faults: [during('hole')] })
  expect(one.take(150, 1).at).toBe(Number.POSITIVE_INFINITY)
  expect(one.take(250, 1).status).toBe(200)
  const busy = server({ rate: 0.0001, faults: [{ ...during('hole'), until: 1e12 }] })
  expect(busy.take(0, 1).at).toBe(Number.POSITIVE_INFINITY)
})

test('a refusal comes at once, and 503 costs a quarter of the work', () => {
  expect(server({ faults: [during('refuse')] }).take(150, 1)).toEqual({ at: 150, status: 0, refused: true })
  const said = server({ faults: [during('503', { retryAfterMs: 5_000 })] }).take(150, 1)
  expect(said).toMatchObject({ status: 503, retryAfterMs: 5_000 })
  expect(said.at - 150).toBeCloseTo(server().take(0, 1).at / 4, 6)
})

test('a bounded queue turns away what is too much, at once', () => {
  const one = server({ rate: 0.001, queue: 2 })
  expect([one.take(0, 1), one.take(0, 1)].map(({ status }) => status)).toEqual([200, 200])
  expect(one.take(0, 1)).toEqual({ at: 0, status: 503 })
})

test('errors hit their share of the requests and no probe', () => {
  const one = server({ faults: [{ from: 0, until: 1e9, kind: 'errors', amount: 0.3 }] })
  const statuses = Array.from({ length: 10_000 }, (_, now) => one.take(now * 100, 1).status)
  const share = statuses.filter(status => status === 500).length / statuses.length
  expect(share).toBeGreaterThan(0.28)
  expect(share).toBeLessThan(0.32)
  const probes = Array.from({ length: 1_000 }, (_, now) => one.take(1e9 + now * 100, 0.05, true).status)
  expect(new Set(probes)).toEqual(new Set([200]))
})

test('a probe that costs nothing passes by the queue, and one beside the fault is answered through it', () => {
  const one = server({ rate: 0.001, faults: [during('hole', { probesToo: false })] })
  one.take(0, 1)
  expect(one.take(50, 0, true).at).toBe(50)
  expect(server({ faults: [during('hole', { probesToo: false })] }).take(150, 0.05, true).status).toBe(200)
})

test('what it is at work on when it turns to 503 ends so, and a probe beside the queue finds room where it is full', () => {
  const done = server().take(0, 1).at
  const turned = server({ faults: [{ from: done / 2, until: 1e9, kind: '503' }] }).take(0, 1)
  expect(turned).toMatchObject({ at: done, status: 503 })
  const full = server({ rate: 0.001, queue: 1 })
  full.take(0, 1)
  expect(full.take(1, 0, true)).toEqual({ at: 1, status: 200 })
})
