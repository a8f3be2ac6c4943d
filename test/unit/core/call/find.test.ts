import { describe, expect, test } from 'vitest'
import { findLiving } from '../../../../src/core/call/find.ts'
import type { Run } from '../../../../src/core/call/run.ts'
import type { Asked } from '../../../../src/core/call/world.ts'
import type { Answer, Peer } from '../../../../src/core/types.ts'
import { callOf } from '../../../support/client.ts'
import { a, b, c, refused, silent, world } from './scene.ts'

/** Searches among A, B and C, whose probes come back as given, for a request that has this to show. */
function search(
  answers: Record<string, Asked>,
  known: (peer: Peer) => boolean = () => false,
  request: Pick<Run, 'spare' | 'finished'> = {},
) {
  const { world: here, lives, accused, probed } = world()
  Object.assign(lives, answers)
  const notes: string[] = []
  const ends: [found: string | undefined, silent: number][] = []
  const noted: Run['noted'] = ({ id }, { reason }) => notes.push(`${id} ${reason}`)
  const run = { ...request, world: here, call: callOf('/api/read'), nature: 'read' as const, asked: a, noted }
  findLiving(run, { peers: [a, b, c], since: 0, known }, (found, count) => ends.push([found?.id, count]))
  return { ends, accused, probed, notes }
}

test('the first server that answers is found, and the others are not asked', () => {
  expect(search({})).toEqual({ ends: [[a.id, 0]], accused: [], probed: [a.id], notes: [] })
})

test('those that do not answer are noted and accused on the way', () => {
  const { ends, accused, notes } = search({ [a.id]: silent, [b.id]: refused })
  expect(ends).toEqual([[c.id, 1]])
  expect(notes).toEqual([`${a.id} silent`, `${b.id} refused`])
  expect(accused).toEqual([`${a.id} silent`, `${b.id} silent`])
})

test('all are asked, however many stay silent', () => {
  expect(search({ [a.id]: silent, [b.id]: silent }).ends).toEqual([[c.id, 2]])
})

describe('with something to show', () => {
  const spare = { answer: { status: 500 } as Answer, peer: a }

  test('the third is not asked after two silent ones', () => {
    const { ends, probed } = search({ [a.id]: silent, [b.id]: silent }, undefined, { spare })
    expect(ends).toEqual([[undefined, 2]])
    expect(probed).toEqual([a.id, b.id])
  })

  test('refusals do not count', () => {
    expect(search({ [a.id]: refused, [b.id]: refused }, undefined, { spare }).ends).toEqual([[c.id, 0]])
  })
})

test('nothing is asked, noted or accused once the request has ended', () => {
  const gone = search({ [a.id]: silent }, undefined, { finished: true })
  expect(gone).toEqual({ ends: [], accused: [], probed: [a.id], notes: [] })
})

test('where all refuse, none is found', () => {
  expect(search({ [a.id]: refused, [b.id]: refused, [c.id]: refused }).ends).toEqual([[undefined, 0]])
})

test('a server that is known to live is found without a probe', () => {
  const { ends, probed } = search({ [a.id]: silent }, peer => peer === b)
  expect(ends).toEqual([[b.id, 1]])
  expect(probed).toEqual([a.id])
})

test('so is one asked before whose answer came late', () => {
  let late = false
  const { ends, probed } = search({ [a.id]: silent, [b.id]: silent, [c.id]: silent }, peer => {
    const known = late && peer === a
    late ||= peer === c
    return known
  })
  expect(ends).toEqual([[a.id, 3]])
  expect(probed).toEqual([a.id, b.id, c.id])
})
