import type { Peer } from '../types.ts'
import { pay } from './bucket.ts'
import { findLiving } from './find.ts'
import { after, isAlone, isWell, openAttempts, type Run, triesLeft, untried } from './run.ts'

/** A verdict that is still open is waited for again, so many times in all. */
const MOST_VERDICTS = 3

/** Nothing came of a try: the one still open is waited for, else the request moves to another server. */
export function proceed(run: Run, cost: number): void {
  if (run.finished || run.moving || openAttempts(run).length > 0) return
  if ((run.nature === 'once' && !run.free) || isAlone(run)) return run.conclude()
  // PUT and DELETE are repeated only once their server is out.
  if (run.nature === 'idempotent' && !run.free) return run.spare ? run.conclude() : waitForVerdict(run)
  if (run.free) return enterRescue(run)
  move(run, cost)
}

/** Joins the requests that move for free, a few at a time. */
export function enterRescue(run: Run): void {
  const { rescue } = run.world
  run.heldFor = undefined
  run.free = true
  run.moving = true
  if (run.rescue === 'admitted') rescue.leave(false)
  run.rescue = 'waiting'
  rescue.enter(() => {
    if (run.finished) return rescue.leave(false)
    run.rescue = 'admitted'
    run.moving = false
    move(run, 0)
  })
}

function move(run: Run, cost: number): void {
  run.moving = true
  if (!triesLeft(run)) {
    run.moving = false
    // One refused by CORS is no try; and who has nothing to show may yet get another, if the server that failed is out.
    return run.spare && run.attempts.at(-1)!.answer ? run.conclude() : waitForVerdict(run)
  }
  const last = run.attempts.at(-1)!
  const peers = untried(run)
  const known = (peer: Peer) =>
    isWell(run, peer) && (!!last.answer || run.world.witness.against(last.peer.origin, last.stamp))
  const along = alongWithProbe(run, peers[0], known, cost)
  findLiving(run, { peers, since: last.stamp, known }, found => {
    run.moving = false
    if (along) {
      if (found?.id === along.peer.id) return proceed(run, cost)
      // To a server that gives no sign of life it was no try.
      if (!along.ended) run.refusals++
    }
    // It may have been found out while it was asked.
    const { fleet, servers } = run.world
    if (found && fleet.isOut(found.id) && servers.inService(untried(run)[0]!.id)) return move(run, cost)
    if (!found) {
      // On a slow network every probe is late: with nothing else to show, the try that went along may yet be answered.
      if (run.spare && along && !along.ended) {
        along.abort()
        // Nobody has done anything for it yet.
        run.world.bucket.tokens += run.paid
      }
      run.conclude()
    } else if (along || payFor(run, cost)) sendTo(run, found)
    else waitForVerdict(run)
  })
}

/**
 * A read does not wait for the probe of the server it moves to, but goes along with it: that costs the network what the
 * probe costs, and the page one journey less.
 */
function alongWithProbe(run: Run, peer: Peer | undefined, known: (peer: Peer) => boolean, cost: number) {
  if (!peer || run.nature !== 'read' || known(peer)) return undefined
  // One that is not in service, or asked for peace, must answer its probe first.
  if (!run.world.servers.inService(peer.id) || !payFor(run, cost)) return undefined
  sendTo(run, peer)
  return run.attempts.at(-1)
}

/** A rescue is for nothing, and whatever comes of it. */
function payFor(run: Run, cost: number): boolean {
  return run.free || !!run.rescue || pay(run, run.world.bucket, cost)
}

function sendTo(run: Run, peer: Peer): void {
  run.free = false
  giveEvidence(run, [...run.failedOn])
  run.send(peer, openAttempts(run).length > 0)
}

/** A failed request without a token may yet be rescued, if its server turns out to be out. */
function waitForVerdict(run: Run): void {
  if (openAttempts(run).length > 0) return
  const peer = run.failedOn.at(-1)
  // Nobody is accused whose verdict might help.
  if (!peer) return run.conclude()
  run.heldFor = peer
  if (triesLeft(run) && run.world.fleet.isOut(peer.id)) return enterRescue(run)
  const { clock, reports, tuning } = run.world
  after(run, tuning.verdictMs, () => {
    if (run.heldFor !== peer) return
    // As long as others are under way elsewhere because of it, they may yet tell on it.
    const isOpen = reports.evidenceOpen(peer) && clock.now() - run.startedAt < MOST_VERDICTS * tuning.verdictMs
    if (isOpen) waitForVerdict(run)
    else run.conclude()
  })
}

/** Counts this request, under way elsewhere, as evidence against these servers, which failed it, and no others any more. */
export function giveEvidence(run: Run, against: readonly Peer[] = []): void {
  const { evidence } = run.world.reports
  const before = run.evidence ?? []
  run.evidence = against
  for (const peer of against) evidence(peer, 1)
  for (const peer of before) evidence(peer, -1)
}
