import { expect, test } from 'vitest'
import { createCourt } from '../../../../src/core/health/court.ts'
import { a, b, bench, c, d, slot } from './bench.ts'

/** A court; a try went out to A and has just failed. */
function scene() {
  const parts = bench()
  const acquitted: string[] = []
  const court = createCourt({
    ...parts,
    others: peer => [a, b, c, d].filter(({ id }) => id !== peer.id),
    acquitted: ({ id }) => acquitted.push(id),
  })
  parts.heard.push(() => court.hear())
  const stamp = parts.witness.stamp()
  parts.clock.run(1)
  return { ...parts, court, stamp, acquitted }
}

test('an accused whose probe answers is acquitted, and nobody else is asked', () => {
  const { court, stamp, clock, acquitted, ejected, probed } = scene()
  court.accuse(a, stamp, Number.POSITIVE_INFINITY)
  clock.run(10_000)
  expect([acquitted, ejected, probed()]).toEqual([[a.id], [], [a.id]])
})

test('a probe that it answered before its request failed does not acquit it', () => {
  const { court, stamp, clock, script, probes, acquitted, ejected } = scene()
  probes.ask(a, 300, stamp, () => {})
  clock.run(100)
  script(a, 'refuse')
  court.accuse(a, stamp, Number.POSITIVE_INFINITY)
  clock.run(100)
  expect([acquitted, ejected]).toEqual([[], [`${a.id} dead`]])
})

test('an accused that refuses its probe is dead once another server answers', () => {
  const { court, stamp, clock, script, ejected, probed } = scene()
  script(a, 'refuse')
  court.accuse(a, stamp, Number.POSITIVE_INFINITY)
  clock.run(10)
  expect([ejected, probed()]).toEqual([[`${a.id} dead`], [a.id, b.id]])
})

test('a witness that is there already is enough', () => {
  const { court, stamp, clock, script, ejected, probed, witness } = scene()
  script(a, 'refuse')
  witness.answered(c.origin, witness.stamp())
  court.accuse(a, stamp, Number.POSITIVE_INFINITY)
  clock.run(10)
  expect([ejected, probed()]).toEqual([[`${a.id} dead`], [a.id]])
})

test('an earlier success of another server is no witness', () => {
  const { court, stamp, clock, net, ejected, fleet, witness } = scene()
  witness.answered(b.origin, stamp - 1)
  net.cut = 'refused'
  court.accuse(a, stamp, Number.POSITIVE_INFINITY)
  clock.run(10_000)
  expect(ejected).toEqual([])
  expect(fleet.stateOf(a.id)).toBe('suspect')
})

test('refusing witnesses are asked to the last, silent ones only twice', () => {
  const refusing = scene()
  for (const server of [a, b, c]) refusing.script(server, 'refuse')
  refusing.court.accuse(a, refusing.stamp, Number.POSITIVE_INFINITY)
  refusing.clock.run(100)
  expect(refusing.ejected).toEqual([`${a.id} dead`])
  const silent = scene()
  for (const server of [a, b, c]) silent.script(server, 'hang')
  silent.court.accuse(a, silent.stamp, Number.POSITIVE_INFINITY)
  silent.clock.run(10_000)
  expect(silent.ejected).toEqual([])
  expect(silent.probed()).toEqual([a.id, b.id, c.id])
})

test('a witness heard a moment later, by chance, ends the case; any later it may have been the network', () => {
  for (const [ms, out] of [
    [1_400, [`${a.id} dead`]],
    [1_700, []],
  ] as const) {
    const { court, stamp, clock, net, ejected, witness } = scene()
    net.cut = 'refused'
    court.accuse(a, stamp, Number.POSITIVE_INFINITY)
    clock.run(ms)
    witness.answered(b.origin, witness.stamp())
    court.hear()
    expect(ejected, `${ms} ms`).toEqual(out)
  }
})

test('one that was put out as erring meanwhile is found dead all the same', () => {
  const { court, stamp, clock, script, ejected, fleet } = scene()
  script(a, 'refuse')
  fleet.eject(a.id, 'erring')
  court.accuse(a, stamp, Number.POSITIVE_INFINITY)
  clock.run(10)
  expect(ejected).toEqual([`${a.id} erring`, `${a.id} dead`])
})

test('one that answers its probe with 503 is as good as dead', () => {
  const { court, stamp, clock, net, ejected } = scene()
  net.probe = ({ url }, end) => {
    clock.after(1, () => end({ status: url.startsWith(a.id) ? 503 : 200 }))
    return { abort() {} }
  }
  court.accuse(a, stamp, Number.POSITIVE_INFINITY)
  clock.run(10)
  expect(ejected).toEqual([`${a.id} dead`])
})

test('a sign of life of the accused ends the case', () => {
  const { court, stamp, clock, net, ejected, witness, fleet } = scene()
  net.cut = 'refused'
  court.accuse(a, stamp, Number.POSITIVE_INFINITY)
  clock.run(100)
  fleet.heard(a.id, true, 5)
  witness.answered(b.origin, witness.stamp())
  court.hear()
  expect(ejected).toEqual([])
})

test('a silent probe behind six of our own requests accuses nobody', () => {
  const { court, stamp, clock, script, ejected, slots, fleet } = scene()
  script(a, 'hang')
  for (let i = 0; i < 6; i++) slots.open(a.origin, slot())
  court.accuse(a, stamp, Number.POSITIVE_INFINITY)
  clock.run(10_000)
  expect(ejected).toEqual([])
  expect(fleet.inService(a.id)).toBe(true)
})

test('two servers can be convicted by one witness', () => {
  const { court, stamp, clock, net, ejected, witness } = scene()
  net.cut = 'refused'
  court.accuse(a, stamp, Number.POSITIVE_INFINITY)
  court.accuse(b, stamp, Number.POSITIVE_INFINITY)
  clock.run(100)
  witness.answered(d.origin, witness.stamp())
  court.hear()
  expect(ejected).toEqual([`${a.id} dead`, `${b.id} dead`])
})
