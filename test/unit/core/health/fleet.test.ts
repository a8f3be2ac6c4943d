import { describe, expect, test } from 'vitest'
import { a, b, bench, c, d } from './bench.ts'

test('an unknown server is in service and was never heard from', () => {
  const { fleet } = bench()
  expect(fleet.stateOf('https://new.example/')).toBe('in-service')
  expect(fleet.heardWithin('https://new.example/', 3_600_000)).toBe(false)
})

test('a sign of life is remembered for the server and for all', () => {
  const { fleet, clock, changes } = bench()
  fleet.heard(a.id, true, 5)
  clock.run(99)
  expect([fleet.heardWithin(a.id, 100), fleet.heardWithin(b.id, 100)]).toEqual([true, false])
  clock.run(1)
  expect(fleet.heardWithin(a.id, 100)).toBe(false)
  expect(fleet.heardAny()).toBe(clock.now() - 100)
  fleet.heard('https://elsewhere.example/', true, 5)
  expect(fleet.heardAny()).toBe(clock.now())
  expect(changes).toEqual(['life'])
})

test('a good answer ends a suspicion, a bad one does not', () => {
  const { fleet, changes } = bench()
  fleet.suspect(a.id)
  fleet.suspect(a.id)
  fleet.heard(a.id, false, 5)
  expect([fleet.stateOf(a.id), fleet.inService(a.id)]).toEqual(['suspect', false])
  fleet.heard(a.id, true, 5)
  expect([fleet.stateOf(a.id), fleet.inService(a.id)]).toEqual(['in-service', true])
  expect(changes).toEqual(['state', 'life', 'state'])
})

describe('an ejection', () => {
  test('is told at once, with its cause, and counted', () => {
    const { fleet, changes, ejected } = bench()
    expect(fleet.eject(a.id, 'dead')).toBe(true)
    expect(fleet.stateOf(a.id)).toBe('dead')
    expect([changes, ejected, fleet.ejections()]).toEqual([['verdict'], [`${a.id} dead`], 1])
  })

  test('of one that is out already is true and tells nobody', () => {
    const { fleet, ejected } = bench()
    fleet.eject(a.id, 'dead')
    expect(fleet.eject(a.id, 'slow')).toBe(true)
    expect(fleet.stateOf(a.id)).toBe('dead')
    expect(ejected).toHaveLength(1)
  })

  test('of one that erred, and turns out to be dead, is told anew and no ejection more', () => {
    const { fleet, changes, ejected } = bench()
    fleet.eject(a.id, 'erring')
    const { until } = fleet.of(a.id).out!
    expect(fleet.eject(a.id, 'dead')).toBe(true)
    expect(fleet.stateOf(a.id)).toBe('dead')
    expect([changes, ejected]).toEqual([
      ['verdict', 'verdict'],
      [`${a.id} erring`, `${a.id} dead`],
    ])
    expect([fleet.ejections(), fleet.of(a.id).out!.until]).toEqual([1, until])
  })

  test('of one that is on its way back lasts about twice as long', () => {
    const { fleet, clock } = bench()
    fleet.eject(a.id, 'dead')
    clock.run(45_000)
    expect(fleet.stateOf(a.id)).toBe('returning')
    expect(fleet.eject(a.id, 'dead')).toBe(true)
    const { ejections, out } = fleet.of(a.id)
    expect(ejections).toBe(2)
    expect(out!.until - clock.now()).toBeGreaterThanOrEqual(30_000)
    expect(out!.until - clock.now()).toBeLessThan(90_000)
  })

  test('never takes the last server', () => {
    const { fleet } = bench()
    expect([a, b, c, d].map(({ id }) => fleet.eject(id, 'dead'))).toEqual([true, true, true, false])
    expect(fleet.stateOf(d.id)).toBe('in-service')
  })

  test('a suspicion adds nothing to it', () => {
    const { fleet } = bench()
    fleet.eject(a.id, 'dead')
    fleet.suspect(a.id)
    fleet.readmit(a.id)
    expect(fleet.stateOf(a.id)).toBe('in-service')
  })
})

describe('on the way back', () => {
  test('two good probes make it fit, and it is let in by name alone', () => {
    const { fleet, clock } = bench()
    fleet.eject(a.id, 'dead')
    fleet.returnProbe(a.id, true)
    clock.run(45_000)
    fleet.returnProbe(a.id, true)
    expect(fleet.fit(a.id)).toBe(false)
    clock.run(20_000)
    fleet.returnProbe(a.id, true)
    expect(fleet.fit(a.id)).toBe(true)
    expect(fleet.stateOf(a.id)).toBe('returning')
    fleet.readmit(a.id)
    expect([fleet.stateOf(a.id), fleet.fit(a.id)]).toEqual(['in-service', false])
  })

  test('a bad probe, or a failed trial, puts it off without counting an ejection', () => {
    const { fleet, clock, changes } = bench()
    fleet.eject(a.id, 'dead')
    clock.run(45_000)
    fleet.returnProbe(a.id, false)
    expect(fleet.stateOf(a.id)).toBe('dead')
    clock.run(45_000)
    fleet.putOff(a.id)
    expect(fleet.stateOf(a.id)).toBe('dead')
    expect([fleet.of(a.id).ejections, fleet.ejections()]).toEqual([1, 1])
    expect(changes).toEqual(['verdict', 'verdict', 'verdict'])
  })

  test('letting in one that is not out changes nothing', () => {
    const { fleet, changes } = bench()
    fleet.suspect(a.id)
    fleet.readmit(a.id)
    expect(fleet.stateOf(a.id)).toBe('suspect')
    expect(changes).toEqual(['state'])
  })

  test('its clean time counts from its return', () => {
    const { fleet, clock, changes } = bench()
    fleet.eject(a.id, 'dead')
    clock.run(1_000_000)
    fleet.readmit(a.id)
    expect(changes).toEqual(['verdict', 'verdict'])
    clock.run(599_000)
    fleet.eject(a.id, 'dead')
    expect(fleet.of(a.id).ejections).toBe(2)
  })
})

test('a server that asks to be left alone is, for five minutes at most', () => {
  const { fleet, clock, changes } = bench()
  fleet.backOff(a.id, 2_000)
  fleet.backOff(b.id, 86_400_000)
  expect(changes).toEqual(['verdict', 'verdict'])
  clock.run(1_999)
  expect(fleet.stateOf(a.id)).toBe('backed-off')
  clock.run(1)
  expect([fleet.stateOf(a.id), fleet.stateOf(b.id)]).toEqual(['in-service', 'backed-off'])
  clock.run(298_000)
  expect(fleet.stateOf(b.id)).toBe('in-service')
})

test('two bettered answers make it erring, two races lost make it slow, and half may be both', () => {
  const { fleet, ejected } = bench()
  for (const server of [a, b, c]) for (const _ of [1, 2]) fleet.answer(server.id, true)
  expect(ejected).toEqual([`${a.id} erring`, `${b.id} erring`])
  fleet.readmit(b.id)
  expect([fleet.lostRace(d.id), fleet.lostRace(d.id)]).toEqual([false, true])
  expect(fleet.stateOf(d.id)).toBe('slow')
})

test('what is known of a server that leaves the list is there when it comes back', () => {
  const { fleet } = bench()
  fleet.eject(a.id, 'dead')
  fleet.enlist([b.id, c.id])
  expect([...fleet.records.keys()]).toEqual([b.id, c.id])
  fleet.enlist([a.id, b.id])
  expect(fleet.stateOf(a.id)).toBe('dead')
})

describe('what was saved', () => {
  const saved = (fleet: ReturnType<typeof bench>['fleet']) =>
    JSON.parse(JSON.stringify(Object.fromEntries(fleet.records)))

  test('is taken in, also for servers that are listed only later', () => {
    const before = bench()
    before.fleet.eject(a.id, 'dead')
    before.fleet.eject(b.id, 'dead')
    const { fleet } = bench([a, c])
    fleet.restore(saved(before.fleet))
    expect(fleet.stateOf(a.id)).toBe('dead')
    fleet.enlist([a.id, b.id, c.id])
    expect(fleet.stateOf(b.id)).toBe('dead')
  })

  test('wins only where it is newer', () => {
    const { fleet, clock } = bench()
    const other = bench()
    other.fleet.eject(a.id, 'dead')
    other.clock.run(1_000)
    other.fleet.eject(b.id, 'dead')
    clock.run(500)
    fleet.heard(a.id, true, 5)
    fleet.heard(b.id, true, 5)
    clock.run(1_000)
    fleet.restore(saved(other.fleet))
    expect([fleet.stateOf(a.id), fleet.stateOf(b.id)]).toEqual(['in-service', 'dead'])
  })

  test('is newer where an erring server turned out dead, though it is out for as long', () => {
    const { fleet, clock } = bench()
    const other = bench()
    for (const one of [clock, other.clock]) one.run(1_000)
    other.fleet.eject(a.id, 'erring')
    fleet.restore(saved(other.fleet))
    other.clock.run(10)
    other.fleet.eject(a.id, 'dead')
    clock.run(10)
    fleet.restore(saved(other.fleet))
    expect(fleet.stateOf(a.id)).toBe('dead')
  })

  test.each([[null], [undefined], ['abc'], [[1, null]], [{ [a.id]: null, [b.id]: { out: 5 } }]])(
    'as %o changes nobody’s state',
    garbage => {
      const { fleet } = bench()
      fleet.restore(garbage)
      expect([a, b, c, d].map(({ id }) => fleet.stateOf(id))).toEqual(Array(4).fill('in-service'))
    },
  )
})
