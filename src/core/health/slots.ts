/** One request open to an origin. */
export interface Slot {
  /** When it got onto the wire as far as we can tell; `undefined` while it queues behind others. */
  startedAt?: number
  /** Its headers came; the body passes on its own. */
  streams?: boolean
  /** A probe need not wait behind it: it has connections of its own, or its kind is known to be faster than it is now. */
  leavesRoom(): boolean
  /** Called once when it got onto the wire. */
  started(): void
}

/**
 * The requests open to each origin. HTTP/1.1 takes six at a time: the seventh has not
 * left, and neither has a probe, so their silence says nothing about the server.
 */
export interface Slots {
  open(origin: string, slot: Slot): void
  close(origin: string, slot: Slot): void
  /** Holds it to be on the wire from now on, if it was not before. */
  start(slot: Slot): void
  /** Whether a probe to this origin can be waiting for us and not for the server. */
  jammed(origin: string): boolean
  /** How many requests have been on the wire for at least so long: without headers, or with a body that is held back. */
  late(origin: string, ms: number): number
}

export function createSlots(connections: number, now: () => number): Slots {
  const byOrigin = new Map<string, Slot[]>()

  const at = (origin: string) => byOrigin.get(origin) ?? []
  const waiting = (origin: string) => at(origin).filter(slot => !slot.streams)

  function start(slot: Slot): void {
    if (slot.startedAt !== undefined) return
    slot.startedAt = now()
    slot.started()
  }

  function promote(origin: string): void {
    for (const slot of waiting(origin).slice(0, connections)) start(slot)
  }

  return {
    open(origin, slot) {
      byOrigin.set(origin, [...at(origin), slot])
      promote(origin)
    },
    close(origin, slot) {
      byOrigin.set(
        origin,
        at(origin).filter(one => one !== slot),
      )
      promote(origin)
    },
    start,
    jammed(origin) {
      const first = at(origin).slice(0, connections)
      return first.length === connections && !first.some(slot => slot.leavesRoom())
    },
    late: (origin, ms) => waiting(origin).filter(({ startedAt }) => now() - startedAt! >= ms).length,
  }
}
