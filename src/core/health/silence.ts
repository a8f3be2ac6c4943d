import type { Peer } from '../types.ts'
import type { Fleet } from './fleet.ts'
import type { Probed } from './probes.ts'
import type { Slots } from './slots.ts'

export interface SilencePorts {
  slots: Pick<Slots, 'jammed'>
  fleet: Pick<Fleet, 'heardWithin'>
}

/**
 * A probe that stayed silent proves nothing when it may be queueing behind our own requests, or when an older one was
 * answered meanwhile. A refusal and an answer of 5xx always do.
 */
export function provesNothing({ slots, fleet }: SilencePorts, { id, origin }: Peer, { reason, ms }: Probed): boolean {
  return reason === 'silent' && (slots.jammed(origin) || fleet.heardWithin(id, ms))
}
