import { describe, expect, test } from 'vitest'
import { look, type Verdict } from '../../../../src/core/health/look.ts'
import { a, b, bench, c, d, slot } from './bench.ts'

/** A try went out to A, 600 ms pass in silence, then `begin` looks around among B, C and D. */
function scene(others = [b, c, d], { long = false } = {}) {
  const parts = bench()
  const stamp = parts.witness.stamp()
  parts.clock.run(600)
  const verdicts: { verdict: Verdict; ms: number }[] = []
  const notes: string[] = []
  const rechecked: string[] = []
  function begin(): void {
    const startedAt = parts.clock.now()
    const noted = ({ id }: { id: string }, { reason }: { reason: string }) => notes.push(`${id} ${reason}`)
    const end = (verdict: Verdict) => verdicts.push({ verdict, ms: parts.clock.now() - startedAt })
    look(
      { ...parts, recheck: ({ id }, origin) => rechecked.push(`${id} by ${origin}`) },
      { peer: a, stamp, others, long, noted },
      end,
    )
  }
  return { ...parts, stamp, begin, verdicts, notes, rechecked }
}

describe('when another server answers', () => {
  test('and the asked one is silent for 150 ms longer than that took, it is dead and out at once', () => {
    const { script, begin, clock, verdicts, ejected } = scene()
    script(a, 'hang')
    begin()
    clock.run(10_000)
    expect(verdicts).toEqual([{ verdict: 'dead', ms: 154 }])
    expect(ejected).toEqual([`${a.id} dead`])
  })

  test('and the asked one refuses, it is dead without waiting', () => {
    const { script, begin, clock, verdicts } = scene()
    script(a, 'refuse')
    begin()
    clock.run(10_000)
    expect(verdicts).toEqual([{ verdict: 'dead', ms: 3 }])
  })

  test('and the asked one answers its probe with 503, it is dead', () => {
    const { net, begin, clock, verdicts } = scene()
    net.probe = ({ url }, end) => {
      clock.after(2, () => end({ status: url.startsWith(a.id) ? 503 : 200 }))
      return { abort() {} }
    }
    begin()
    clock.run(10_000)
    expect(verdicts).toEqual([{ verdict: 'dead', ms: 4 }])
  })

  test('and the asked one answers, its path is slow and nobody is blamed', () => {
    const { begin, clock, verdicts, ejected, fleet, notes } = scene()
    begin()
    clock.run(10_000)
    expect(verdicts).toEqual([{ verdict: 'answers', ms: 4 }])
    expect(ejected).toEqual([])
    expect(fleet.inService(a.id)).toBe(true)
    expect(notes).toEqual([`${b.id} answered 200`, `${a.id} answered 200`])
  })

  test('slowly, the asked one gets three times as long', () => {
    const { net, begin, clock, verdicts } = scene()
    net.probe = ({ url }, end) => {
      if (url.startsWith(b.id)) clock.after(200, () => end({ status: 200 }))
      if (url.startsWith(a.id)) clock.after(590, () => end({ status: 200 }))
      return { abort() {} }
    }
    begin()
    clock.run(10_000)
    expect(verdicts).toEqual([{ verdict: 'answers', ms: 790 }])
  })

  test('but six of our own requests stand before the probe, its silence proves nothing', () => {
    const { script, begin, clock, verdicts, ejected, slots } = scene()
    script(a, 'hang')
    for (let i = 0; i < 6; i++) slots.open(a.origin, slot())
    begin()
    clock.run(10_000)
    expect(verdicts[0]!.verdict).toBe('answers')
    expect(ejected).toEqual([])
  })

  test('and one of the six before the probe is of a fast kind, it is dead', () => {
    const { script, begin, clock, verdicts, slots } = scene()
    script(a, 'hang')
    for (let i = 0; i < 6; i++) slots.open(a.origin, slot(i === 5))
    begin()
    clock.run(10_000)
    expect(verdicts[0]!.verdict).toBe('dead')
  })

  test('though all others were out, it comes back by its answer and the asked one is dead', () => {
    const { script, begin, clock, verdicts, fleet, ejected } = scene([b])
    for (const { id } of [b, c, d]) fleet.eject(id, 'dead')
    script(a, 'hang')
    begin()
    clock.run(10_000)
    expect(verdicts[0]!.verdict).toBe('dead')
    expect(fleet.inService(b.id)).toBe(true)
    expect(ejected).toHaveLength(4)
  })
})

describe('when the next servers stay silent too', () => {
  test('two are asked and suspect, and nobody is blamed', () => {
    const { script, begin, clock, verdicts, ejected, probed, fleet } = scene()
    for (const server of [a, b, c, d]) script(server, 'hang')
    begin()
    clock.run(10_000)
    expect(verdicts).toEqual([{ verdict: 'unknown', ms: 600 }])
    expect(probed()).toEqual([b.id, c.id])
    expect(ejected).toEqual([])
    expect(fleet.stateOf(b.id)).toBe('suspect')
  })

  test('a refused probe moves on at once and is not counted', () => {
    const { script, begin, clock, verdicts, probed } = scene()
    for (const server of [b, c]) script(server, 'refuse')
    script(a, 'hang')
    begin()
    clock.run(10_000)
    expect(probed()).toEqual([b.id, c.id, d.id, a.id])
    expect(verdicts).toEqual([{ verdict: 'dead', ms: 156 }])
  })

  test('those asked before the one that answers are asked again: the network may have been silent', () => {
    const { script, begin, clock, ejected, rechecked } = scene()
    for (const server of [a, b]) script(server, 'hang')
    begin()
    clock.run(10_000)
    expect(ejected).toEqual([`${a.id} dead`])
    expect(rechecked).toEqual([`${b.id} by ${c.origin}`])
  })

  test('because the network was, the asked one is asked again once a witness answers', () => {
    const { net, script, begin, clock, verdicts, ejected } = scene()
    for (const server of [a, b]) script(server, 'hang')
    begin()
    clock.run(200)
    for (const server of [a, b]) net.servers[server.origin]!.probe = 'ok'
    clock.run(10_000)
    expect(verdicts).toEqual([{ verdict: 'answers', ms: 304 }])
    expect(ejected).toEqual([])
  })

  test('because the network was, the asked one has its time from when a witness answers', () => {
    const { net, begin, clock, verdicts, fleet } = scene(undefined, { long: true })
    const begunAt = clock.now()
    // All that goes out in the first moments is lost; what the asked server was asked is repeated by the network.
    net.probe = ({ url }, end) => {
      if (url.startsWith(a.id)) clock.after(Math.max(30, begunAt + 400 - clock.now()), () => end({ status: 200 }))
      else if (clock.now() > begunAt + 200) clock.after(30, () => end({ status: 200 }))
      return { abort() {} }
    }
    begin()
    clock.run(10_000)
    expect(verdicts).toEqual([{ verdict: 'answers', ms: 400 }])
    expect(fleet.inService(a.id)).toBe(true)
  })

  test('or there is no other, nobody is blamed', () => {
    const { begin, verdicts, probed } = scene([], { long: true })
    begin()
    expect(verdicts).toEqual([{ verdict: 'unknown', ms: 0 }])
    expect(probed()).toEqual([a.id])
  })
})

test('in a lull a look without any other server leaves no record of one', () => {
  const { begin, lull, fleet, clock, verdicts } = scene([], { long: true })
  lull.note(clock.now())
  begin()
  expect(verdicts[0]!.verdict).toBe('unknown')
  expect([...fleet.records.keys()]).toEqual([a.id, b.id, c.id, d.id])
})

describe('without asking', () => {
  test('a server that has just answered somebody answers', () => {
    const { begin, verdicts, net, fleet, clock } = scene()
    fleet.heard(a.id, true, 5)
    clock.run(149)
    begin()
    expect(verdicts).toEqual([{ verdict: 'answers', ms: 0 }])
    expect(net.probes).toEqual([])
  })

  test('another server that has just answered to something sent later is witness enough', () => {
    const { begin, script, clock, witness, fleet, probed, verdicts } = scene()
    script(a, 'refuse')
    witness.answered(b.origin, witness.stamp())
    fleet.heard(b.id, true, 5)
    begin()
    clock.run(1_000)
    expect(probed()).toEqual([a.id])
    expect(verdicts[0]!.verdict).toBe('dead')
  })

  test('another server that has just answered to something sent before is asked all the same', () => {
    const { begin, clock, witness, fleet, probed, stamp } = scene()
    witness.answered(b.origin, stamp - 1)
    fleet.heard(b.id, true, 5)
    begin()
    clock.run(1_000)
    expect(probed()).toEqual([b.id, a.id])
  })
})

describe('when nobody was heard from for a while', () => {
  /** All are silent; what each look from now on asks. */
  function lull(long: boolean) {
    const parts = scene([b, c, d], { long })
    for (const server of [a, b, c, d]) {
      parts.script(server, 'hang')
      if (server !== a) parts.fleet.suspect(server.id)
    }
    const asked = () => {
      const before = parts.probed().length
      parts.begin()
      parts.clock.run(2_000)
      return parts.probed().slice(before)
    }
    return { ...parts, asked }
  }

  test('a look asks one other server, each time another one', () => {
    const { asked, verdicts } = lull(false)
    expect([asked(), asked(), asked(), asked()]).toEqual([[b.id, c.id], [c.id], [d.id], [b.id]])
    expect(verdicts.every(({ verdict }) => verdict === 'unknown')).toBe(true)
  })

  test('and its own, for a request that has waited long', () => {
    const { asked } = lull(true)
    expect([asked(), asked()]).toEqual([
      [a.id, b.id, c.id],
      [a.id, c.id],
    ])
  })
})

test('an ejected server that answers is let in again', () => {
  const { begin, clock, fleet } = scene([b])
  fleet.eject(b.id, 'slow')
  begin()
  clock.run(1_000)
  expect(fleet.stateOf(b.id)).toBe('in-service')
})

test('a server on the same origin as the asked one is no witness against it', () => {
  const twin = { ...b, origin: a.origin }
  const { begin, clock, script, verdicts, ejected, net } = scene([twin])
  script(a, 'hang')
  net.servers[b.origin]!.probe = 'ok'
  begin()
  clock.run(1_000)
  expect(verdicts[0]!.verdict).toBe('unknown')
  expect(ejected).toEqual([])
})

test('one that is found out while it is asked is not', () => {
  const { begin, clock, fleet } = scene([b])
  begin()
  fleet.eject(b.id, 'slow')
  clock.run(10)
  expect(fleet.isOut(b.id)).toBe(true)
})
