import { expect, test } from 'vitest'
import type { Probed } from '../../../../src/core/health/probes.ts'
import { a, b, bench } from './bench.ts'

/** A bench whose `ask` keeps what came of each question; `at` is when, from now. */
function scene() {
  const parts = bench()
  const start = parts.clock.now()
  const ends: (Probed & { at: number })[] = []
  function ask(server = a, limitMs = 300, since = 0): void {
    parts.probes.ask(server, limitMs, since, probed => ends.push({ ...probed, at: parts.clock.now() - start }))
  }
  return { ...parts, ends, ask }
}

test('an answer, a refusal and a silence are told apart', () => {
  const { clock, script, ask, ends } = scene()
  ask()
  clock.run(2_000)
  script(a, 'refuse')
  ask()
  clock.run(2_000)
  script(a, 'hang')
  ask()
  clock.run(2_000)
  expect(ends).toMatchObject([
    { answered: true, reason: 'answered 200', status: 200, ms: 2 },
    { answered: false, reason: 'refused', ms: 1 },
    { answered: false, reason: 'silent', ms: 300 },
  ])
})

test.each([
  [200, true],
  [404, true],
  [401, true],
  [0, true],
  [501, true],
  [429, false],
  [500, false],
  [503, false],
])('a probe answered with status %i counts as life: %s', (status, answered) => {
  const { net, clock, ask, ends } = scene()
  net.servers[a.origin]!.probeStatus = status
  ask()
  clock.run(10)
  expect(ends).toMatchObject([{ answered, status }])
})

test('all who ask at once, and within a second after, share one probe', () => {
  const { clock, ask, ends, net } = scene()
  ask()
  ask()
  clock.run(2)
  clock.run(999)
  ask()
  expect(ends).toHaveLength(3)
  expect(net.probes).toHaveLength(1)
  clock.run(1)
  ask()
  expect(net.probes).toHaveLength(2)
})

test('each server has a probe of its own', () => {
  const { ask, net } = scene()
  ask(a)
  ask(b)
  expect(net.probes.map(({ server }) => server)).toEqual([a.origin, b.origin])
})

test('a good result from before a request went out is not given to it; a bad one is', () => {
  const { clock, ask, ends, net, script, witness } = scene()
  ask()
  clock.run(10)
  ask(a, 300, witness.stamp())
  expect(net.probes).toHaveLength(2)
  script(b, 'refuse')
  ask(b)
  clock.run(10)
  ask(b, 300, witness.stamp())
  expect(net.probes).toHaveLength(3)
  expect(ends.at(-1)!.answered).toBe(false)
})

test('the limit counts from the probe’s start, for those who join it too', () => {
  const { clock, ask, ends, script } = scene()
  script(a, 'hang')
  ask()
  clock.run(200)
  ask()
  ask(a, 250)
  clock.run(1_000)
  expect(ends.map(({ at }) => at)).toEqual([250, 300, 300])
})

test('one who gives up does not call off the probe: its late answer is still told', () => {
  const { clock, net, ask, ends, fleet } = scene()
  let answer: (end: { status: number }) => void = () => {}
  net.probe = (_probe, end) => {
    answer = end
    return { abort() {} }
  }
  ask(a, 100)
  ask(a, 1_000)
  clock.run(400)
  answer({ status: 200 })
  expect(ends).toMatchObject([
    { answered: false, at: 100 },
    { answered: true, at: 400, ms: 400 },
  ])
  expect(fleet.of(a.id).heardAt).toBe(clock.now())
})

test('after 5 s a silent probe is called off, and the next question sends a new one', () => {
  const { clock, net, ask } = scene()
  let aborted = 0
  let sent = 0
  net.probe = () => {
    sent++
    return { abort: () => void aborted++ }
  }
  ask()
  clock.run(4_999)
  expect([sent, aborted]).toEqual([1, 0])
  clock.run(1)
  expect([sent, aborted]).toEqual([1, 1])
  clock.run(1_000)
  ask()
  expect(sent).toBe(2)
})

test('a transport may answer before it returns', () => {
  const { net, ask, ends, fleet } = scene()
  net.probe = (_probe, end) => {
    end({ status: 204 })
    return { abort() {} }
  }
  ask()
  expect(ends).toMatchObject([{ answered: true, status: 204, ms: 0 }])
  expect(fleet.heardWithin(a.id, 1)).toBe(true)
})

test('a bad answer is heard as well: it proves the network', () => {
  const { net, clock, ask, witness } = scene()
  net.servers[b.origin]!.probeStatus = 503
  const blamed = witness.stamp()
  ask(b, 300, blamed)
  clock.run(10)
  expect(witness.against(a.origin, blamed)).toBe(true)
})
