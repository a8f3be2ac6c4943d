import { createBucket } from '../../../../src/core/call/bucket.ts'
import { createRescue } from '../../../../src/core/call/rescue.ts'
import type { Asked, World } from '../../../../src/core/call/world.ts'
import { defaults } from '../../../../src/core/options.ts'
import type { Peer } from '../../../../src/core/types.ts'
import { scriptedNetwork } from '../../../support/scripted-network.ts'
import { virtualClock } from '../../../support/virtual-clock.ts'
import { peer } from '../pick/peers.ts'

export const a = peer('https://a.example/')
export const b = peer('https://b.example/')
export const c = peer('https://c.example/')

/** Every question that a world answers, by name, whichever part of it is asked. */
export type Answers = Omit<World, 'witness' | 'fleet' | 'servers' | 'slots' | 'probes' | 'reports'> &
  World['witness'] &
  World['fleet'] &
  World['servers'] &
  World['slots'] &
  World['probes'] &
  World['reports']

/** A world that only remembers what it is told; its probes answer as `lives` says, at once. */
export function world(servers: readonly Peer[] = [a, b, c], changes: Partial<Answers> = {}) {
  const clock = virtualClock()
  const lives: Record<string, Asked> = {}
  const accused: string[] = []
  const probed: string[] = []
  const places: string[] = []
  const answers: Answers = {
    tuning: { ...defaults },
    clock,
    transport: scriptedNetwork(
      clock,
      servers.map(({ origin }) => origin),
    ),
    bucket: createBucket(defaults),
    races: createBucket(defaults),
    rescue: createRescue(defaults, clock),
    overtake: true,
    stamp: clock.now,
    against: () => false,
    order: () => [...servers],
    lacksCredentials: () => false,
    urlOn: (_peer, _asked, url) => url,
    kind: () => ({ ms: [] }),
    open: (_origin, place) => answers.start(place),
    start(place) {
      place.startedAt = clock.now()
      place.started()
    },
    close: () => places.push('closed'),
    late: () => 0,
    inService: () => true,
    isOut: () => false,
    of: () => ({ heardAt: 0 }),
    heardAny: () => 0,
    heardWithin: (id, ms) => clock.now() - answers.of(id).heardAt < ms,
    standing: () => ({ promptAt: 0 }),
    wroteLately: () => false,
    wrote() {},
    sending() {},
    heard() {},
    answered() {},
    bettered() {},
    quickMs: () => 10,
    hides() {},
    accuse: ({ id }, charge) => accused.push(`${id} ${charge}`),
    backOff() {},
    lostRace() {},
    ejections: () => 0,
    evidence() {},
    evidenceOpen: () => false,
    ask(server, _limitMs, _since, end) {
      probed.push(server.id)
      end(lives[server.id] ?? { answered: true, ms: 2, reason: 'answered 200', status: 200 })
    },
    pauseMs: () => 0,
    look() {},
    diagnose: (_stamp, end) => end('unknown'),
    failed() {},
    ...changes,
  }
  const one: World = {
    ...answers,
    witness: answers,
    fleet: answers,
    servers: answers,
    slots: answers,
    probes: answers,
    reports: answers,
  }
  return { world: one, clock, lives, accused, probed, places }
}

export const silent: Asked = { answered: false, ms: 300, reason: 'silent' }
export const refused: Asked = { answered: false, ms: 1, reason: 'refused' }
