import type { Peer } from '../types.ts'
import { findLiving } from './find.ts'
import { after, candidates, isAlone, isWell, type Run } from './run.ts'

/** A write that is sent once goes only to a server that was heard from lately and keeps nobody waiting. */
export function needsProof(run: Run, peer: Peer): boolean {
  const { world } = run
  if (run.nature !== 'once' || isAlone(run)) return false
  return !isWell(run, peer) || world.slots.late(peer.origin, world.tuning.lookAfterMs) > 0
}

/** Sends the write to the first server that answers a probe; when none does until then, it is not sent at all. */
export function proveThenSend(run: Run, until: number): void {
  const { world } = run
  const search = {
    peers: candidates(run),
    since: world.witness.stamp(),
    // On a slow network its answer comes when the next is asked already.
    known: ({ id }: Peer) => world.fleet.of(id).heardAt > run.startedAt,
  }
  findLiving(run, search, (found, silent) => {
    if (found) return run.send(found, false)
    // Where all refuse at once, waiting would not help.
    const pause = world.tuning.probeTimeoutMs
    if (silent === 0 || world.clock.now() + pause > until) return run.fail()
    after(run, pause, () => proveThenSend(run, until))
  })
}
