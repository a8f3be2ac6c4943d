import type { Try } from '../errors.ts'
import type { Hold, Sending } from '../ports.ts'
import type { Answer, Call, Outcome, Peer } from '../types.ts'
import { type Attempt, sendAttempt } from './attempt.ts'
import { earn, empty, mayRace, pay } from './bucket.ts'
import { findLiving } from './find.ts'
import { holdFor } from './hold.ts'
import { natureOf } from './repeat.ts'
import { overtakeAfter } from './samples.ts'
import { describe, noteTry } from './tries.ts'
import type { Asked, World } from './world.ts'
import { isHtml, worthOf } from './worth.ts'

/** One request under way, as the rest of the core speaks to it. */
export interface Execution extends Sending {
  start(): void
  /** A server went out; what is open on it is moved, if it may be. A dead one's own tries are given up. */
  ejected(id: string, dead: boolean): void
  /** A server answers, and no evidence against it is open: no rescue is to be hoped for. */
  acquitted(id: string): void
}

/**
 * One request from start to end. It only connects: what is decided, is decided by the
 * rules beside it and by the `World`.
 *
 * Must: settle exactly once; never ask the same server twice; never make more tries than
 * two plus one for each server ejected meanwhile; do nothing after an abort.
 */
export function execute(world: World, call: Call, asked: Peer, settle: (outcome: Outcome) => void): Execution {
  const { clock, tuning } = world
  const nature = natureOf(call)
  const kind = world.kind(call)
  const startedAt = clock.now()
  const startStamp = world.stamp()
  const ejectionsBefore = world.ejections()
  const attempts: Attempt[] = []
  const tries: Try[] = []
  const timers = new Set<() => void>()
  /** Servers that failed this request; another's good answer tells on them. */
  const failedOn: Peer[] = []
  /** An answer that the page gets only if nothing better comes. */
  let spare: { answer: Answer; peer: Peer } | undefined
  let lackedCredentials = false
  let overtaken = false
  /** Looking for another server, or waiting for the turn to. */
  let moving = false
  /** The next move costs no token: its server is out, or told it to go. */
  let free = false
  let rescue: 'none' | 'waiting' | 'admitted' = 'none'
  let evidenceGiven = false
  let heldFor: Peer | undefined
  let watchingSilence = false
  let finished = false

  const candidates = () => world.order(call, nature, asked)
  const alone = () => candidates().length < 2
  const isOwn = (peer: Peer) => peer.id === asked.id
  const untried = () => candidates().filter(peer => !attempts.some(attempt => attempt.peer.id === peer.id))
  const open = () => attempts.filter(attempt => !attempt.ended)
  const triesLeft = () => attempts.length < 2 + world.ejections() - ejectionsBefore

  function after(ms: number, then: () => void): void {
    const callOff = clock.after(ms, () => {
      timers.delete(callOff)
      if (!finished) then()
    })
    timers.add(callOff)
  }

  function note(peer: Peer, asked: Asked): void {
    noteTry(tries, peer, asked.ms, asked.reason, asked.status, true)
  }

  // ---- going out

  function start(): void {
    const first = call.begun ? asked : candidates()[0]
    if (!first) return fail()
    if (!call.begun && nature === 'once' && needsProof(first)) return proveThenSend(clock.now() + tuning.writeWaitMs)
    send(first, false)
  }

  /** A write that is sent once goes only to a server that was heard from lately and keeps nobody waiting. */
  function needsProof(peer: Peer): boolean {
    if (alone()) return false
    return (
      clock.now() - world.heardAt(peer) >= tuning.heardWithinMs || world.keepsWaiting(peer) || !world.inService(peer)
    )
  }

  function proveThenSend(until: number): void {
    const search = {
      peers: candidates(),
      since: world.stamp(),
      silentMost: Number.POSITIVE_INFINITY,
      known: () => false,
      note,
    }
    findLiving(world, search, (found, silent) => {
      if (finished) return
      if (found) return send(found, false)
      // Where all refuse at once, waiting would not help.
      if (silent === 0 || clock.now() + tuning.probeTimeoutMs > until) return fail()
      after(tuning.probeTimeoutMs, () => proveThenSend(until))
    })
  }

  function send(peer: Peer, race: boolean): void {
    world.sending(peer)
    const mirror = isOwn(peer) || !peer.server ? {} : { server: peer.server }
    const outgoing = { call, url: world.urlOn(peer, asked, call.url), ...mirror }
    const how = { peer, kind, race, patient: alone() }
    sendAttempt(world, outgoing, how, {
      sent: attempt => attempts.push(attempt),
      headers,
      held: accept,
      failed,
      overdue,
    })
  }

  // ---- what comes back

  function headers(attempt: Attempt, answer: Answer): Hold | undefined {
    const { peer } = attempt
    const own = isOwn(peer)
    const worth = worthOf(answer, {
      own,
      askedOut: world.isOut(asked),
      sentLess: !own && sendsLess(peer),
      writes: nature !== 'read',
      html: kind.html,
      repeatable: (nature === 'read' || nature === 'keyed') && !alone(),
    })
    if (worth === 'counts') {
      const mayAskAgain = (nature === 'read' || nature === 'keyed') && !alone()
      const hold = mayAskAgain ? holdFor(call, answer, tuning) : undefined
      if (!hold) accept(attempt)
      return hold
    }
    attempt.done()
    noteTry(tries, peer, clock.now() - attempt.sentAt, `answered ${answer.status}`, answer.status)
    if (worth === 'never') lackedCredentials ||= [401, 403, 407].includes(answer.status)
    else if (own || !spare || !isOwn(spare.peer)) spare = { answer, peer }
    if (answer.status >= 500) blame(attempt, answer)
    proceed(tuning.retryCost)
    return undefined
  }

  /** What this server allows is less than what the page sent. */
  function sendsLess(peer: Peer): boolean {
    const allowed = peer.server?.credentials ?? 'omit'
    return (call.cookies && allowed !== 'include') || (call.authorization && allowed === 'omit')
  }

  function blame({ peer, stamp }: Attempt, answer: Answer): void {
    if (answer.status === 503 && answer.retryAfterMs !== undefined) {
      world.backOff(peer, answer.retryAfterMs)
      free = true
      return
    }
    failedOn.push(peer)
    world.accuse(peer, stamp, 'error')
  }

  function failed(attempt: Attempt, reason: string): void {
    noteTry(tries, attempt.peer, clock.now() - attempt.sentAt, reason, attempt.answer?.status)
    failedOn.push(attempt.peer)
    world.accuse(attempt.peer, attempt.stamp, 'failed')
    proceed(tuning.fastRetryCost)
  }

  function accept(attempt: Attempt): void {
    const { peer, sentAt } = attempt
    const answer = attempt.answer!
    const loser = attempts.find(other => other !== attempt && !other.ended)
    const race = loser && overtaken && rescue === 'none'
    const clear = race && attempt.race && attempt.age() <= tuning.raceShare * loser.age()
    const good = answer.status < 500
    if (answer.status === 429 && answer.retryAfterMs !== undefined) world.backOff(peer, answer.retryAfterMs)
    if (good && answer.status < 300) kind.html = isHtml(answer)
    if (good && nature !== 'read') world.wrote(peer, call, attempts.length > 1)
    finish({ answer, server: peer.id, asked: isOwn(peer) }, good, attempt)
    if (good) {
      world.answered(peer, sentAt)
      for (const worse of failedOn) world.bettered(worse)
    }
    if (clear) world.lostRace(loser!.peer, loser!.sentAt)
    else if (race) empty(world.bucket, clock.now())
    giveEvidence(-1)
  }

  // ---- going on elsewhere

  /** Nothing came of a try: the one still open is waited for, else the request moves. */
  function proceed(cost: number): void {
    if (finished || moving || open().length > 0) return
    if (nature === 'once' || alone()) return conclude()
    // PUT and DELETE are repeated only once their server is out.
    if (nature === 'idempotent' && !free) return spare ? conclude() : waitForVerdict()
    if (free) return enterRescue()
    move(cost)
  }

  function move(cost: number): void {
    if (finished) return
    moving = true
    if (!triesLeft()) return stay()
    const last = attempts.at(-1)!
    const search = { peers: untried(), since: last.stamp, silentMost: tuning.probesPerLook, known: mayGoBlind, note }
    findLiving(world, search, found => {
      if (finished) return
      if (!found) return stay()
      moving = false
      if (!free && !pay(world.bucket, cost)) return waitForVerdict()
      free = false
      giveEvidence(1)
      send(found, open().length > 0)
    })
  }

  /** Without a probe only to a server heard from lately, and only if the network is proved to work. */
  function mayGoBlind(peer: Peer): boolean {
    const last = attempts.at(-1)!
    if (clock.now() - world.heardAt(peer) >= tuning.heardWithinMs || !world.inService(peer)) return false
    return last.answer !== undefined || world.witnessed(last.peer.origin, last.stamp)
  }

  function stay(): void {
    moving = false
    conclude()
  }

  /** A failed request without a token may yet be rescued, if its server turns out to be out. */
  function waitForVerdict(): void {
    if (open().length > 0) return
    heldFor = attempts.at(-1)!.peer
    if (world.isOut(heldFor)) return enterRescue()
    after(tuning.verdictMs, () => heldFor && conclude())
  }

  function enterRescue(): void {
    heldFor = undefined
    free = true
    moving = true
    if (rescue === 'admitted') world.rescue.leave(false)
    rescue = 'waiting'
    world.rescue.enter(() => {
      if (finished) return world.rescue.leave(false)
      rescue = 'admitted'
      moving = false
      move(0)
    })
  }

  function giveEvidence(change: 1 | -1): void {
    if (evidenceGiven === (change === 1)) return
    evidenceGiven = change === 1
    for (const peer of failedOn) world.evidence(peer, change)
  }

  function ejected(id: string, dead: boolean): void {
    if (finished) return
    const attempt = open().find(attempt => attempt.peer.id === id)
    if (heldFor?.id === id) return enterRescue()
    if (!attempt) {
      if (moving && attempts.at(-1)?.peer.id === id) free = true
      return
    }
    if (nature === 'once') return watchSilence()
    if (dead) {
      noteTry(tries, attempt.peer, clock.now() - attempt.sentAt, 'silent')
      attempt.abort()
      free = true
      if (!moving && open().length === 0) enterRescue()
    } else if (nature === 'read' && !moving && open().length === 1) enterRescue()
  }

  function acquitted(id: string): void {
    if (!finished && heldFor?.id === id && !world.evidenceOpen(heldFor)) conclude()
  }

  // ---- waiting

  function overdue(attempt: Attempt): void {
    const others = candidates().filter(peer => peer.id !== attempt.peer.id)
    attempt.looks++
    world.look({ peer: attempt.peer, stamp: attempt.stamp, others, note }, verdict => {
      if (finished || attempt.ended) return
      if (verdict === 'answers') {
        watchingSilence = false
        planRace(attempt)
      } else watchSilence()
      const pause = Math.min(2_000 * 2 ** (attempt.looks - 1), tuning.lookEveryMs)
      after(pause, () => !attempt.ended && overdue(attempt))
    })
  }

  function planRace(attempt: Attempt): void {
    if (nature !== 'read' || !world.overtake || call.overtake === false) return
    const wait = attempt.stalled ? 0 : overtakeAfter(kind, tuning) - attempt.age()
    if (wait <= 0) race(attempt)
    else after(wait, () => race(attempt))
  }

  function race(attempt: Attempt): void {
    if (attempt.ended || (attempt.answer && !attempt.stalled)) return
    if (overtaken || moving || world.wroteLately() || !triesLeft()) return
    const peers = untried().filter(peer => world.inService(peer))
    const known = (peer: Peer) => clock.now() - world.heardAt(peer) < tuning.heardWithinMs
    moving = true
    findLiving(world, { peers, since: attempt.stamp, silentMost: 1, known, note }, found => {
      moving = false
      if (finished) return
      if (attempt.ended) return proceed(tuning.retryCost)
      if (!found || !mayRace(world.bucket, attempt.age(), clock.now(), tuning)) return
      overtaken = true
      send(found, true)
    })
  }

  /** Ends the request when nothing at all was heard for long enough: of any server, or for a write of its own. */
  function watchSilence(): void {
    if (watchingSilence) return
    watchingSilence = true
    checkSilence()
  }

  function checkSilence(): void {
    if (!watchingSilence) return
    const [attempt] = open()
    const heard =
      nature === 'once' && attempt ? Math.max(world.heardAt(attempt.peer), attempt.sentAt) : world.heardAny()
    const due = Math.max(heard, startedAt) + tuning.silenceMs - clock.now()
    if (due > 0) return after(due, checkSilence)
    for (const one of open()) {
      noteTry(tries, one.peer, clock.now() - one.sentAt, 'silent')
      one.abort()
    }
    fail()
  }

  // ---- the end

  function conclude(): void {
    if (finished || open().length > 0) return
    heldFor = undefined
    if (spare) finish({ answer: spare.answer, server: spare.peer.id, asked: isOwn(spare.peer) }, false)
    else fail()
  }

  function fail(): void {
    moving = true
    world.diagnose(startStamp, state => {
      if (finished) return
      const record = describe(
        codeFor(state === 'network-down', state === 'server-down'),
        call,
        tries,
        startedAt,
        clock.now(),
      )
      if (nature !== 'read') record.sent = attempts.length === 0 ? 'no' : 'unknown'
      world.failed(record)
      finish({ error: record }, false)
    })
  }

  function codeFor(offline: boolean, othersAnswer: boolean) {
    if (offline) return 'offline'
    if (lackedCredentials || world.lacksCredentials(call, asked)) return 'credentials'
    return nature === 'once' && attempts.length > 0 && othersAnswer ? 'unrepeatable' : 'unreachable'
  }

  function finish(outcome: Outcome, good: boolean, winner?: Attempt): void {
    finished = true
    for (const callOff of timers) callOff()
    for (const attempt of attempts) {
      if (attempt === winner) continue
      if (!attempt.ended) attempt.abort(good)
      else if (attempt.answer && !('answer' in outcome && outcome.answer === attempt.answer)) attempt.discard()
    }
    if (rescue === 'admitted') world.rescue.leave(good)
    if (good) earn(world.bucket, tuning)
    else giveEvidence(-1)
    settle(outcome)
  }

  return {
    start,
    ejected,
    acquitted,
    abort() {
      if (finished) return
      finished = true
      for (const callOff of timers) callOff()
      for (const attempt of open()) attempt.abort()
      if (rescue === 'admitted') world.rescue.leave(false)
      giveEvidence(-1)
    },
  }
}
