import type { Peer } from '../types.ts'
import type { Attempt } from './attempt.ts'
import { pay } from './bucket.ts'
import { proceed } from './elsewhere.ts'
import { findLiving } from './find.ts'
import { after, candidates, isSlowItself, isWell, noteAttempt, openAttempts, type Run, untried } from './run.ts'
import { overtakeAfter } from './samples.ts'

/** The second look comes this long after the first, in milliseconds; each later one after twice as long. */
const SECOND_LOOK_MS = 2_000

/** A request that has waited so long wants a sign of life of its server, in milliseconds: in a lull looks come 4 s apart, and at 10 s it would end. */
const LONG_LOOK_MS = 4_000

/** A read has waited very long, in milliseconds; and for how long an emptied bucket forbids even the race of such a read. */
const LONG_MS = 60_000

/** A try has been silent for too long: looks at the servers, again and again while it stays so. Ends nothing itself. */
export function lookAround(run: Run, attempt: Attempt): void {
  const { world } = run
  const others = candidates(run).filter(peer => peer.id !== attempt.peer.id)
  const again = (ms: number) => after(run, ms, () => !attempt.ended && lookAround(run, attempt))
  // There is nobody else yet: the list may be on its way.
  if (!others[0]) return again(SECOND_LOOK_MS)
  const pauseMs = world.pauseMs()
  if (pauseMs) {
    attempt.astray = true
    watchSilence(run)
    return again(pauseMs)
  }
  const { peer, stamp } = attempt
  const long = run.nature === 'once' || attempt.age() > LONG_LOOK_MS
  world.look({ peer, stamp, others, long, noted: run.noted }, (verdict, silent) => {
    if (run.finished || attempt.ended) return
    const { lookEveryMs, silenceMs } = world.tuning
    if (verdict === 'answers') {
      attempt.silent = silent
      // Six requests that hang keep a probe from leaving: that is no sign of life of a server found dead.
      if (!world.fleet.isOut(attempt.peer.id)) run.watchingSilence = 0
      planRace(run, attempt)
    } else {
      attempt.astray = true
      // A PUT that may just take long has had its time; where its server answers others, nothing else would end it.
      if (verdict === 'dead' && run.nature === 'idempotent' && attempt.age() >= silenceMs) {
        giveUp(run, attempt)
        run.free = true
        return proceed(run, 0)
      }
      watchSilence(run)
    }
    again(Math.min(SECOND_LOOK_MS * 2 ** attempt.looks++, run.watchingSilence ? silenceMs / 2 : lookEveryMs))
  })
}

function planRace(run: Run, attempt: Attempt): void {
  const { world, kind } = run
  const wait = attempt.stalled || run.overtaken ? 0 : overtakeAfter(kind, world.tuning) - attempt.age()
  if (wait <= 0) race(run, attempt)
  else after(run, wait, () => race(run, attempt))
}

/** Sends a slow read to one more server; the first good answer wins, and no try is given up before. */
export function race(run: Run, attempt: Attempt): void {
  const { world } = run
  const { clock, tuning } = world
  if (run.nature !== 'read' || !world.overtake) return
  if (attempt.ended || (attempt.answer && !attempt.stalled)) return
  if (run.moving || world.servers.wroteLately()) return
  // A second one keeps it waiting, too. Where such reads are known to be faster, one more is asked. A read that is hardly
  // known just asks for more, unless others wait like it or it may never end; and where a server has answered others
  // lately, reads never seen before may well do so together. A body that stands still may never go on: the tokens alone
  // bound who may leave it.
  const { kind, attempts } = run
  const isKnown = kind.ms.length >= tuning.samplesNeeded || attempt.age() >= LONG_MS
  const isEnough = isKnown
    ? attempts.length > 2
    : isSlowItself(run, attempt.peer) || world.slots.late(attempt.peer.origin, tuning.lookAfterMs) < 3
  if (run.overtaken && !attempt.stalled && isEnough) return
  run.moving = true
  const search = {
    peers: untried(run).filter(peer => world.servers.inService(peer.id)),
    since: attempt.stamp,
    known: (peer: Peer) => isWell(run, peer),
  }
  findLiving(run, search, found => {
    run.moving = false
    if (attempt.ended) return proceed(run, tuning.retryCost)
    if (!found) return
    // A request that has failed elsewhere has paid for coming here.
    const paid =
      (run.paid && !run.overtaken) ||
      (attempt.stalled ? pay(run, world.bucket, tuning.retryCost) : pay(run.raced, world.races, tuning.retryCost))
    if (!paid) {
      // Lest it wait for ever behind a hung API that answers its probes; but not if everything was slow lately.
      if (run.overtaken || clock.now() - world.races.emptiedAt <= LONG_MS) return
      const wait = tuning.silenceMs - attempt.age()
      if (wait > 0) return after(run, wait, () => !run.overtaken && race(run, attempt))
    }
    run.overtaken = true
    run.send(found, true)
  })
}

/** Ends the request when nothing at all was heard for long enough: of any server, or for a write that is sent once of its own. */
export function watchSilence(run: Run): void {
  if (run.watchingSilence) return
  run.watchingSilence = run.world.clock.now()
  checkSilence(run)
}

function checkSilence(run: Run): void {
  const { world, nature, startedAt, watchingSilence } = run
  if (!watchingSilence) return
  const { silenceMs } = world.tuning
  const [attempt] = openAttempts(run)
  const own = attempt && nature === 'once'
  const heardAt = own ? world.fleet.of(attempt.peer.id).heardAt : world.fleet.heardAny()
  // Where nobody was asked for a while nothing was to be heard: what one look has missed may still come.
  const wait = own ? silenceMs : SECOND_LOOK_MS
  const due = Math.max(heardAt + silenceMs, startedAt + silenceMs, watchingSilence + wait) - world.clock.now()
  if (due > 0) return after(run, due, () => checkSilence(run))
  for (const open of openAttempts(run)) giveUp(run, open)
  run.conclude()
}

/** Ends a try that gave no sign of life. */
export function giveUp(run: Run, attempt: Attempt): void {
  noteAttempt(run, attempt, 'silent')
  attempt.abort()
}
