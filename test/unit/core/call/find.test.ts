import { describe, expect, test } from 'vitest'
import { findLiving } from '../../../../src/core/call/find.ts'
import type { Run } from '../../../../src/core/call/run.ts'
import type { Asked } from '../../../../src/core/call/world.ts'
import type { Peer } from '../../../../src/core/types.ts'
import { a, b, c, refused, silent, world } from './scene.ts'

/** Searches among A, B and C, whose probes come back as given. */
function search(answers: Record<string, Asked>, known: (peer: Peer) => boolean = () => false, silentMost?: number) {
  const { world: here, lives, accused, probed } = world()
  Object.assign(lives, answers)
  const notes: string[] = []
  const ends: [found: string | undefined, silent: number][] = []
  const run = { world: here, noted: ({ id }, { reason }) => notes.push(`${id} ${reason}`) } as Pick<
    Run,
    'world' | 'noted'
  >
  findLiving(run, { peers: [a, b, c], since: 0, silentMost, known }, (found, count) => ends.push([found?.id, count]))
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

describe('when it is to end after two silent ones', () => {
  test('the third is not asked', () => {
    const { ends, probed } = search({ [a.id]: silent, [b.id]: silent }, undefined, 2)
    expect(ends).toEqual([[undefined, 2]])
    expect(probed).toEqual([a.id, b.id])
  })

  test('refusals do not count', () => {
    expect(search({ [a.id]: refused, [b.id]: refused }, undefined, 2).ends).toEqual([[c.id, 0]])
  })
})

test('where all refuse, none is found', () => {
  expect(search({ [a.id]: refused, [b.id]: refused, [c.id]: refused }).ends).toEqual([[undefined, 0]])
})

test('a server that is known to live is found without a probe', () => {
  const { ends, probed } = search({ [a.id]: silent }, peer => peer === b)
  expect(ends).toEqual([[b.id, 1]])
  expect(probed).toEqual([a.id])
})
