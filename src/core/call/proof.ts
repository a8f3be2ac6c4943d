import type { Peer } from '../types.ts'
import { findLiving } from './find.ts'
import { after, candidates, isAlone, isWell, type Run } from './run.ts'

/** A write that is sent once goes only to a server that was heard from lately and keeps nobody waiting. */
export function needsProof(run: Run, peer: Peer): boolean {
  const { world } = run
  if (run.nature !== 'once' || isAlone(run)) return false
  return !isWell(run, peer) || world.slots.late(peer.origin, world.tuning.lookAfterMs) > 0
}

/**
 * Sends the write to the first server that answers a probe; when none does until then, to one that answered it badly,
 * as without us; when none gives a sign of life, it is not sent at all.
 */
export function proveThenSend(run: Run, until: number): void {
  const { world } = run
  const search = {
    peers: candidates(run),
    since: world.witness.stamp(),
    // On a slow network its answer comes when the next is asked already.
    known: ({ id }: Peer) => world.fleet.of(id).heardAt > run.startedAt,
  }
  findLiving(run, search, (found, silent) => {
    // Where all refuse at once, waiting would not help.
    const pause = world.tuning.probeTimeoutMs
    const isLast = silent === 0 || world.clock.now() + pause > until
    const heard = ({ id }: Peer) => isLast && world.fleet.heardWithin(id, world.tuning.probeSharedMs)
    const taker = found ?? candidates(run).find(heard)
    if (taker) run.send(taker, false)
    else if (isLast) run.fail()
    else after(run, pause, () => proveThenSend(run, until))
  })
}
