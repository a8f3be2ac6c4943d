import { describe, expect, test } from 'vitest'
import { needsProof, proveThenSend } from '../../../../src/core/call/proof.ts'
import { createRun } from '../../../../src/core/call/run.ts'
import type { Call, Peer } from '../../../../src/core/types.ts'
import { call } from '../pick/peers.ts'
import { type Answers, a, b, refused, silent, world } from './scene.ts'

/** A write asked of A that has not gone out yet. */
function scene(changes: Partial<Answers> = {}, servers: readonly Peer[] = [a, b], fields: Partial<Call> = {}) {
  const parts = world(servers, changes)
  const steps: string[] = []
  const run = createRun(parts.world, call({ method: 'POST', ...fields }), a, {
    send: ({ id }) => steps.push(`sent to ${id}`),
    conclude: () => steps.push('concluded'),
    fail: () => steps.push('failed'),
  })
  return { ...parts, run, steps }
}

const heard = (now: number, ms: number) => ({ of: () => ({ heardAt: now - ms }) })
const NOW = world().clock.now()

describe('a write that is sent once', () => {
  test.each<[string, boolean, Partial<Answers>]>([
    ['needs no proof of a server heard from lately', false, heard(NOW, 4_999)],
    ['needs proof of a server not heard from for 5 s', true, heard(NOW, 5_000)],
    ['needs proof of a server that keeps others waiting', true, { ...heard(NOW, 0), late: () => 1 }],
    ['needs proof of a suspect', true, { ...heard(NOW, 0), inService: () => false }],
  ])('%s', (_what, proof, changes) => {
    expect(needsProof(scene(changes).run, a)).toBe(proof)
  })

  test('needs none when there is nowhere else to go', () => {
    expect(needsProof(scene({}, [a]).run, a)).toBe(false)
  })
})

test.each([{ method: 'GET' }, { method: 'PUT' }, { idempotencyKey: true }])('%o needs no proof', fields => {
  expect(needsProof(scene({}, [a, b], fields).run, a)).toBe(false)
})

test('the first server that answers its probe gets the write', () => {
  const { run, lives, steps, clock, probed } = scene()
  lives[a.id] = refused
  proveThenSend(run, clock.now() + 5_000)
  expect(steps).toEqual([`sent to ${b.id}`])
  expect(probed).toEqual([a.id, b.id])
})

test('where all refuse it is not sent, at once', () => {
  const { run, lives, steps, clock } = scene()
  Object.assign(lives, { [a.id]: refused, [b.id]: refused })
  proveThenSend(run, clock.now() + 5_000)
  expect(steps).toEqual(['failed'])
})

test('where some are silent it is asked again until the time is over, and then not sent', () => {
  const { run, lives, steps, clock } = scene()
  Object.assign(lives, { [a.id]: refused, [b.id]: silent })
  proveThenSend(run, clock.now() + 5_000)
  clock.run(4_700)
  expect(steps).toEqual([])
  clock.run(300)
  expect(steps).toEqual(['failed'])
})

test('a server that comes back meanwhile gets it', () => {
  const { run, lives, steps, clock } = scene()
  Object.assign(lives, { [a.id]: silent, [b.id]: silent })
  proveThenSend(run, clock.now() + 5_000)
  clock.run(1_000)
  delete lives[b.id]
  clock.run(300)
  expect(steps).toEqual([`sent to ${b.id}`])
})

test('a write called off meanwhile is not sent', () => {
  const { run, lives, steps, clock } = scene()
  Object.assign(lives, { [a.id]: silent, [b.id]: silent })
  proveThenSend(run, clock.now() + 5_000)
  run.finished = true
  lives[a.id] = { answered: true, ms: 1, reason: 'answered 200' }
  clock.run(5_000)
  expect(steps).toEqual([])
})
