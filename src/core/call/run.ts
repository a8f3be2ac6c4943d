import type { Try } from '../errors.ts'
import type { Answer, Call, Peer } from '../types.ts'
import type { Attempt } from './attempt.ts'
import type { Payer } from './bucket.ts'
import { type Nature, natureOf } from './repeat.ts'
import type { Kind } from './samples.ts'
import { noteTry } from './tries.ts'
import type { Asked, World } from './world.ts'

/** For how long a soon answer to one read speaks for its server in what another waits for. */
const TRUSTED_MS = 60_000

/** One request under way: what the parts of its life share. */
export interface Run extends Steps, Payer {
  readonly world: World
  readonly call: Call
  readonly asked: Peer
  readonly nature: Nature
  readonly kind: Kind
  /** Nothing of its kind had been answered when it began. */
  readonly isNew: boolean
  /** Wall time, and the same as `World.stamp` counts. */
  readonly startedAt: number
  readonly stamp: number
  readonly ejectionsBefore: number
  readonly attempts: Attempt[]
  /** A second server, since there has been one. */
  company?: Peer | undefined
  /** For the record, should it fail: tries and probes. */
  readonly tries: Try[]
  /** Servers that failed this request; another's good answer tells on them. */
  readonly failedOn: Peer[]
  readonly timers: Set<() => void>
  /** Notes a probe made for this request. */
  noted(peer: Peer, asked: Asked): void
  /** An answer that the page gets only if nothing better comes. */
  spare?: Spare
  /** One whose body broke off, which the page gets only if nothing at all comes. */
  torn?: Spare
  lackedCredentials?: boolean
  /** Raced. */
  overtaken?: boolean
  /** What its races have paid. */
  readonly raced: Payer
  /** Looking for another server, or waiting for the turn to. */
  moving?: boolean
  /** The next move costs no token: its server is out, or told it to go. */
  free?: boolean
  /** Moves with what its server's death has set in motion. */
  rescue?: 'waiting' | 'admitted'
  /** The servers that this request is counted as evidence against. */
  evidence?: readonly Peer[]
  /** Tries that count as none: without a login, refused by CORS or by 502 and up, failed on the network, torn, or without a sign of life. */
  refusals: number
  /** Failed and without a token: waiting for the verdict on this server. */
  heldFor?: Peer | undefined
  /** Since when; 0: no more. */
  watchingSilence?: number
  finished?: boolean
}

interface Spare {
  answer: Answer
  peer: Peer
}

/** What a run may do next. */
interface Steps {
  send(peer: Peer, race: boolean): void
  /** Nothing more can be tried: the spare answer, or failure. */
  conclude(): void
  fail(): void
}

export function createRun(world: World, call: Call, asked: Peer, steps: Steps): Run {
  const tries: Try[] = []
  const kind = world.kind(call)
  return {
    world,
    call,
    asked,
    nature: natureOf(call),
    kind,
    isNew: !kind.ms.length,
    startedAt: world.clock.now(),
    stamp: world.witness.stamp(),
    ejectionsBefore: world.fleet.ejections(),
    attempts: [],
    tries,
    failedOn: [],
    timers: new Set(),
    refusals: 0,
    paid: 0,
    raced: { paid: 0 },
    noted: (peer, { ms, reason, status }) => noteTry(tries, peer, ms, reason, status, true),
    ...steps,
  }
}

/** The servers for this request, best first, as things stand now. */
export function candidates(run: Pick<Run, 'world' | 'call' | 'nature' | 'asked' | 'company'>): Peer[] {
  const found = run.world.servers.order(run.call, run.nature === 'read', run.asked)
  run.company ??= found[1]
  return found
}

/** There is no other server to turn to: the request is as if we were not there. */
export function isAlone(run: Run): boolean {
  return candidates(run).length < 2
}

/** In service, and it answered something within the last seconds. */
export function isWell({ world }: Run, { id }: Peer): boolean {
  return world.servers.inService(id) && world.fleet.heardWithin(id, world.tuning.heardWithinMs)
}

/** The first of its kind is held to be slow by itself where this server has just answered others soon. */
export function isSlowItself({ world, isNew }: Run, { id }: Peer): boolean {
  return isNew && Math.abs(world.clock.now() - world.standing(id).promptAt) < TRUSTED_MS
}

export function untried(run: Run): Peer[] {
  return candidates(run).filter(peer => !run.attempts.some(attempt => attempt.peer.id === peer.id))
}

export function openAttempts(run: Run): Attempt[] {
  return run.attempts.filter(attempt => !attempt.ended)
}

/** Two, plus one for each server ejected since the request began. */
export function triesLeft({ world, attempts, refusals, ejectionsBefore }: Run): boolean {
  return attempts.length - refusals < 2 + world.fleet.ejections() - ejectionsBefore
}

/** Waits, unless the request ends before. */
export function after(run: Run, ms: number, then: () => void): void {
  const callOff = run.world.clock.after(ms, () => {
    run.timers.delete(callOff)
    if (!run.finished) then()
  })
  run.timers.add(callOff)
}

/** Notes how a try ended. */
export function noteAttempt(run: Run, { peer, sentAt, answer }: Attempt, reason: string): void {
  noteTry(run.tries, peer, run.world.clock.now() - sentAt, reason, answer?.status)
}
