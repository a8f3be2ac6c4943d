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
  parts.heard.push(court.hear)
  const stamp = parts.witness.stamp()
  parts.clock.run(1)
  return { ...parts, court, stamp, acquitted }
}

test('an accused whose probe answers is acquitted, and nobody else is asked', () => {
  const { court, clock, acquitted, ejected, probed } = scene()
  court.accuse(a, Number.POSITIVE_INFINITY)
  clock.run(10_000)
  expect([acquitted, ejected, probed()]).toEqual([[a.id], [], [a.id]])
})

test('a probe that it answered before its request failed does not acquit it', () => {
  const { court, clock, script, probes, acquitted, ejected } = scene()
  probes.ask(a, 300, 0, () => {})
  clock.run(100)
  script(a, 'refuse')
  court.accuse(a, Number.POSITIVE_INFINITY)
  clock.run(100)
  expect([acquitted, ejected]).toEqual([[], [`${a.id} dead`]])
})

test('an accused that refuses its probe is dead once another server answers', () => {
  const { court, clock, script, ejected, probed } = scene()
  script(a, 'refuse')
  court.accuse(a, Number.POSITIVE_INFINITY)
  clock.run(10)
  expect([ejected, probed()]).toEqual([[`${a.id} dead`], [a.id, b.id, a.id]])
})

test('what another server answered before is no witness: the network may be gone since', () => {
  const { court, clock, net, ejected, fleet, witness } = scene()
  witness.answered(b.origin, witness.stamp())
  court.hear(b.origin)
  net.cut = 'refused'
  court.accuse(a, Number.POSITIVE_INFINITY)
  clock.run(10_000)
  expect(ejected).toEqual([])
  expect(fleet.stateOf(a.id)).toBe('suspect')
})

test.each(['refuse', 'hang'] as const)('a network that comes back tells on nobody (%s)', fault => {
  const { court, clock, script, ejected, fleet } = scene()
  for (const server of [a, b, c, d]) script(server, fault)
  for (const server of [a, b, c, d]) court.accuse(server, Number.POSITIVE_INFINITY)
  clock.run(5_000)
  for (const server of [a, b, c, d]) script(server, 'ok')
  court.accuse(b, Number.POSITIVE_INFINITY)
  clock.run(5_000)
  expect(ejected).toEqual([])
  for (const { id } of [a, b, c, d]) expect(fleet.inService(id), id).toBe(true)
})

test('refusing witnesses are asked to the last, silent ones only twice', () => {
  const refusing = scene()
  for (const server of [a, b, c]) refusing.script(server, 'refuse')
  refusing.court.accuse(a, Number.POSITIVE_INFINITY)
  refusing.clock.run(100)
  expect(refusing.ejected).toEqual([`${a.id} dead`])
  const silent = scene()
  for (const server of [a, b, c]) silent.script(server, 'hang')
  silent.court.accuse(a, Number.POSITIVE_INFINITY)
  silent.clock.run(10_000)
  expect(silent.ejected).toEqual([])
  expect(silent.probed()).toEqual([a.id, b.id, c.id])
})

test('a witness heard later, by chance, ends the case', () => {
  const { court, clock, net, script, ejected } = scene()
  net.cut = 'refused'
  court.accuse(a, Number.POSITIVE_INFINITY)
  clock.run(60_000)
  net.cut = false
  script(a, 'refuse')
  court.hear(b.origin)
  clock.run(10)
  expect(ejected).toEqual([`${a.id} dead`])
})

test('one that was put out as erring meanwhile is found dead all the same', () => {
  const { court, clock, script, ejected, fleet } = scene()
  script(a, 'refuse')
  fleet.eject(a.id, 'erring')
  court.accuse(a, Number.POSITIVE_INFINITY)
  clock.run(10)
  expect(ejected).toEqual([`${a.id} erring`, `${a.id} dead`])
})

test('one that answers its probe with 503 is as good as dead', () => {
  const { court, clock, net, ejected } = scene()
  net.probe = ({ url }, end) => {
    clock.after(1, () => end({ status: url.startsWith(a.id) ? 503 : 200 }))
    return { abort() {} }
  }
  court.accuse(a, Number.POSITIVE_INFINITY)
  clock.run(10)
  expect(ejected).toEqual([`${a.id} dead`])
})

test('a sign of life of the accused ends the case', () => {
  const { court, clock, net, ejected, fleet } = scene()
  net.cut = 'refused'
  court.accuse(a, Number.POSITIVE_INFINITY)
  clock.run(100)
  fleet.heard(a.id, true, 5)
  court.hear(b.origin)
  clock.run(1_000)
  expect(ejected).toEqual([])
})

test('a silent probe behind six of our own requests accuses nobody', () => {
  const { court, clock, script, ejected, slots, fleet } = scene()
  script(a, 'hang')
  for (let i = 0; i < 6; i++) slots.open(a.origin, slot())
  court.accuse(a, Number.POSITIVE_INFINITY)
  clock.run(10_000)
  expect(ejected).toEqual([])
  expect(fleet.inService(a.id)).toBe(true)
})

test('however often it is accused, a server is asked once and once more', () => {
  const { court, clock, script, probed, ejected } = scene()
  for (const server of [a, b, c, d]) script(server, 'refuse')
  for (let i = 0; i < 20; i++) court.accuse({ ...a }, Number.POSITIVE_INFINITY)
  clock.run(100)
  court.hear(b.origin)
  court.hear(c.origin)
  clock.run(100)
  expect(probed().filter(id => id === a.id)).toHaveLength(2)
  expect(ejected).toEqual([`${a.id} dead`])
})

test('a probe answered with 503 was not failed by the network, and is not sent again at once', () => {
  const { court, clock, net, ejected } = scene()
  const asked: string[] = []
  net.probe = ({ url }, end) => {
    asked.push(url)
    clock.after(1, () => end(url.startsWith(a.id) ? { status: 503 } : undefined))
    return { abort() {} }
  }
  court.accuse(a, 0)
  clock.run(100)
  court.hear(b.origin)
  expect(ejected).toEqual([`${a.id} dead`])
  expect(asked.filter(url => url.startsWith(a.id))).toHaveLength(1)
})

test('a server that left the list is asked no more', () => {
  const { court, clock, script, fleet, probed, ejected } = scene()
  for (const server of [a, b, c, d]) script(server, 'refuse')
  court.accuse(a, Number.POSITIVE_INFINITY)
  clock.run(100)
  fleet.enlist([b.id, c.id, d.id])
  court.hear(b.origin)
  clock.run(100)
  expect(probed().filter(id => id === a.id)).toHaveLength(1)
  expect([...fleet.records.keys()]).toEqual([b.id, c.id, d.id])
  expect(ejected).toEqual([])
})

test('two servers can be convicted by one witness', () => {
  const { court, clock, net, ejected } = scene()
  net.cut = 'refused'
  court.accuse(a, Number.POSITIVE_INFINITY)
  court.accuse(b, Number.POSITIVE_INFINITY)
  clock.run(100)
  court.hear(d.origin)
  clock.run(100)
  expect(ejected).toEqual([`${a.id} dead`, `${b.id} dead`])
})
