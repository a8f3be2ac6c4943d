import type { Hold, Outgoing, Sending } from '../ports.ts'
import type { Answer, Call, Outcome, Peer } from '../types.ts'
import { type Attempt, sendAttempt } from './attempt.ts'
import { earn, empty, pay } from './bucket.ts'
import { enterRescue, giveEvidence, proceed } from './elsewhere.ts'
import { holdFor } from './hold.ts'
import { giveUp, lookAround, race, watchSilence } from './patience.ts'
import { needsProof, proveThenSend } from './proof.ts'
import { candidates, createRun, isAlone, isSlowItself, noteAttempt, openAttempts, triesLeft, untried } from './run.ts'
import { describe } from './tries.ts'
import type { World } from './world.ts'
import { isHtml, worthOf } from './worth.ts'

/** No server is farther away than this, in milliseconds: one that takes longer is slow. */
const FARTHEST_MS = 1_000

/** One request under way, as the rest of the core speaks to it. */
export interface Execution extends Sending {
  start(): void
  /** A server went out; what is open on it is moved, if it may be. A silent one's own tries are given up. */
  ejected(id: string, silent: boolean): void
  /** A server answers: unless it only *refused* the request, or evidence against it is open, no rescue is to be hoped for. */
  acquitted(id: string, refused: boolean): void
  /** A read was lost on the way to this server, which answers later ones soon: what went out with it moves as in a rescue. */
  lostAlong(id: string): void
}

/**
 * One request from start to end. It only connects: what is decided, is decided by the
 * rules beside it and by the `World`.
 *
 * Must: settle exactly once; never ask the same server twice; never make more tries than
 * two plus one for each server ejected meanwhile, one for each that refused it, could not
 * serve now, failed on the network or gave no sign of life, and one where two keep a read of
 * a fast path waiting; do nothing after an abort.
 */
export function execute(world: World, call: Call, asked: Peer, settle: (outcome: Outcome) => void): Execution {
  const { clock, tuning } = world
  const run = createRun(world, call, asked, { send, conclude, fail })
  const { nature, kind, attempts, failedOn } = run
  const isOwn = (peer: Peer) => peer.id === asked.id

  function start(): void {
    if (call.begun) return send(asked, false)
    const [first] = candidates(run)
    if (!first) return fail()
    if (needsProof(run, first)) return proveThenSend(run, clock.now() + tuning.writeWaitMs)
    send(first, false)
  }

  function send(peer: Peer, race: boolean): void {
    world.reports.sending(peer)
    const server = isOwn(peer) ? undefined : peer.server
    const outgoing = { call, url: world.urlOn(peer, asked, call.url), server }
    sendAttempt(run, outgoing, peer, race, {
      sent: attempt => attempts.push(attempt),
      headers,
      held: accept,
      failed: (attempt, reason) => failed(attempt, reason, outgoing),
      overdue: attempt => lookAround(run, attempt),
    })
  }

  // ---- what comes back

  function headers(attempt: Attempt, answer: Answer): Hold | undefined {
    const { peer } = attempt
    const { status, retryAfterMs } = answer
    if (retryAfterMs !== undefined) world.reports.backOff(peer, retryAfterMs)
    // As it was when it began, unless there was nobody then: a list may still come, and to ask anew is much for every answer.
    const repeatable = (nature === 'read' || nature === 'keyed') && !!(run.company ?? candidates(run)[1])
    const worth = worthOf(run, peer, answer, repeatable)
    if (worth === 'counts') {
      const hold = repeatable ? holdFor(call, answer, tuning) : undefined
      if (!hold) accept(attempt)
      return hold
    }
    attempt.done()
    noteAttempt(run, attempt, `answered ${status}`)
    // The next server is asked for nothing, for a write too.
    if (worth === 'denied') run.lackedCredentials = run.free = true
    else if (worth === 'waits' && (isOwn(peer) || !run.spare || !isOwn(run.spare.peer))) run.spare = { answer, peer }
    // Where all want peace, the tokens bound who asks on.
    if (retryAfterMs !== undefined)
      run.free = nature !== 'once' && untried(run).some(({ id }) => world.servers.inService(id))
    else if (status >= 500) failedOn.push(peer)
    // Who cannot serve now says so of itself and not of the request, and who wants a login has done nothing: no tries.
    if (status > 501 || worth === 'denied') run.refusals++
    goOn(attempt, tuning.retryCost)
    // What an accusation sets going waits until this request is on its way.
    if (failedOn.includes(peer)) world.reports.accuse(peer, 'error')
    return undefined
  }

  function failed(attempt: Attempt, reason: string, outgoing: Outgoing): void {
    const { peer, answer } = attempt
    noteAttempt(run, attempt, reason)
    // A body that broke off is still more than nothing: it breaks off in the page, as it would without us.
    if (answer) run.torn ??= { answer, peer }
    // Nobody has done any work for it.
    run.refusals++
    failedOn.push(peer)
    goOn(attempt, tuning.fastRetryCost)
    world.reports.accuse(peer, answer ? 'torn' : 'failed', answer ? undefined : outgoing)
  }

  /** Where one that was to overtake another failed, the next one may: two at the least, for two may be bad. */
  function goOn(ended: Attempt, cost: number): void {
    const [open] = openAttempts(run)
    if (open && ended.race) {
      run.overtaken = attempts.length > 2 && !triesLeft(run)
      race(run, open)
    } else proceed(run, cost)
  }

  function accept(attempt: Attempt): void {
    const { peer, sentAt } = attempt
    const answer = attempt.answer!
    const good = answer.status < 500
    const losers = attempts.filter(other => other !== attempt && !other.ended)
    if (good && answer.status < 300) {
      kind.html = isHtml(answer)
      if (isOwn(peer)) kind.shown = answer.shown
      const hidden = kind.shown?.filter(name => !answer.shown?.includes(name))
      if (hidden?.length) world.reports.hides(peer, hidden)
    }
    if (good && nature !== 'read') world.servers.wrote(peer, call, attempts.length > 1)
    finish({ answer, server: peer.id, asked: isOwn(peer) }, good, attempt)
    if (good) {
      world.reports.answered(peer, sentAt)
      for (const worse of failedOn) world.reports.bettered(worse)
      if (run.overtaken) for (const loser of losers) judgeRace(attempt, loser)
    }
    giveEvidence(run)
    // A write that came to a bad end is not asked of another server, but the next one may be.
    if (!good && !isAlone(run)) world.reports.accuse(peer, 'error')
  }

  /** The winner's own time says that the fault lies with the loser's server, and not with what was asked. */
  function isBeaten(loser: Attempt, winner?: Attempt): boolean {
    if (!winner?.race) return false
    // Who is far away is not slow.
    const farMs = Math.min(world.quickMs(winner.peer.id), FARTHEST_MS)
    const stillMs = loser.stalled ? tuning.stallMs : 0
    return winner.age() - farMs <= Math.max(tuning.raceShare * (loser.age() - farMs), stillMs)
  }

  function judgeRace(winner: Attempt, loser: Attempt): void {
    // One that was sent a moment ago has lost nothing yet.
    if (world.fleet.isOut(loser.peer.id) || loser.age() < tuning.lookAfterMs || loser.astray) return
    // Where another was silent then, and is well now, the network was gone, and may have lost it.
    if (loser.silent?.some(({ id }) => world.servers.inService(id))) return
    // A body that stands still is no slow answer, for overload keeps headers waiting: who overtakes one wins clearly
    // if it is whole within the time that a body may stand still, and if it takes longer, that proves nothing.
    if (isBeaten(loser, winner)) return world.reports.lostRace(loser)
    if (loser.stalled) return
    // Of a kind that is hardly known it says little: what the race has paid comes back to nobody, unless others were answered soon.
    if (run.raced.paid && kind.ms.length < tuning.samplesNeeded)
      isSlowItself(run, attempts[0]!.peer) || pay({ paid: 0 }, world.races, tuning.retryCost)
    else empty(world.races, clock.now())
  }

  // ---- verdicts

  function ejected(id: string, silent: boolean): void {
    if (run.finished) return
    if (run.heldFor?.id === id) return enterRescue(run)
    const attempt = openAttempts(run).find(({ peer }) => peer.id === id)
    if (!attempt) return
    if (nature === 'once') return watchSilence(run)
    if (silent) {
      giveUp(run, attempt)
      run.free = true
      if (attempt.race) goOn(attempt, 0)
    } else if (nature === 'idempotent') return
    const open = openAttempts(run)
    if (!run.moving && open.every(({ peer }) => world.fleet.isOut(peer.id))) enterRescue(run)
  }

  function acquitted(id: string, refused: boolean): void {
    if (run.finished || run.heldFor?.id !== id) return
    if (refused) run.refusals++
    else if (world.reports.evidenceOpen(run.heldFor)) return
    // What the others have paid may be back by now.
    if (refused || pay(run, world.bucket, tuning.retryCost)) enterRescue(run)
    else conclude()
  }

  function lostAlong(id: string): void {
    const [attempt, second] = openAttempts(run)
    if (nature !== 'read' || second || run.moving || attempt?.peer.id !== id || attempt.answer) return
    // One that queues behind others may have gone out with them all the same.
    const isLost = attempt.stamp < world.standing(id).promptAt && clock.now() - attempt.sentAt >= tuning.lookAfterMs
    if (isLost) enterRescue(run)
  }

  // ---- the end

  function conclude(): void {
    if (run.finished || openAttempts(run).length > 0) return
    run.heldFor = undefined
    const spare = run.spare ?? run.torn
    if (!spare) return fail()
    if (spare.answer.status < 300 && isHtml(spare.answer)) kind.html ??= true
    const good = spare !== run.torn && spare.answer.status < 500
    finish({ answer: spare.answer, server: spare.peer.id, asked: isOwn(spare.peer) }, good)
  }

  function fail(): void {
    run.moving = true
    world.diagnose(run.stamp, state => {
      if (run.finished) return
      const record = describe(codeFor(state), call, run.tries, run.startedAt, clock.now())
      if (nature !== 'read') record.sent = attempts.length === 0 ? 'no' : 'unknown'
      world.failed(record)
      finish({ error: record }, false)
    })
  }

  function codeFor(state: string) {
    if (state === 'network-down') return 'offline'
    if (run.lackedCredentials || world.lacksCredentials(call, asked)) return 'credentials'
    return nature === 'once' && attempts.length > 0 && state === 'server-down' ? 'unrepeatable' : 'unreachable'
  }

  function finish(outcome: Outcome, good: boolean, winner?: Attempt): void {
    end(good, winner, (outcome as { answer?: Answer }).answer)
    if (good || attempts.length > 1) kind.errs = !good
    // A client whose every answer is bad must be able to find a better server, now and then.
    earn(world.bucket, good ? tuning.tokensPerSuccess + run.paid : tuning.tokensPerSuccess / 20, tuning)
    earn(world.races, good ? tuning.tokensPerSuccess + run.raced.paid : tuning.tokensPerSuccess / 20, tuning)
    if (!winner) giveEvidence(run)
    settle(outcome)
  }

  function end(good: boolean, winner?: Attempt, taken?: Answer): void {
    run.finished = true
    for (const callOff of run.timers) callOff()
    for (const attempt of attempts) {
      if (attempt === winner) continue
      if (!attempt.ended) attempt.abort(good && !isBeaten(attempt, winner))
      else if (attempt.answer && attempt.answer !== taken) attempt.discard()
    }
    if (run.rescue === 'admitted') world.rescue.leave(good)
  }

  return {
    start,
    ejected,
    acquitted,
    lostAlong,
    abort() {
      if (run.finished) return
      end(false)
      giveEvidence(run)
    },
  }
}
