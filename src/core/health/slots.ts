/** How long an answer that passes unheld counts as still open: nobody tells us when it ended. */
const STREAM_MS = 30_000

/** One request open to an origin. */
export interface Slot {
  /** When it got onto the wire as far as we can tell; `undefined` while it queues behind others. */
  startedAt?: number
  /** Its headers came; the body passes on its own. */
  streamingSince?: number
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
  streams(slot: Slot): void
  /** Whether a probe to this origin can be waiting for us and not for the server. */
  jammed(origin: string): boolean
  /** Age in milliseconds of the oldest request without headers; 0 when there is none. */
  oldest(origin: string): number
}

export function createSlots(connections: number, now: () => number): Slots {
  const byOrigin = new Map<string, Slot[]>()

  /** Those that are open as far as we can tell. */
  function live(origin: string): Slot[] {
    const slots = (byOrigin.get(origin) ?? []).filter(
      slot => slot.streamingSince === undefined || now() - slot.streamingSince < STREAM_MS,
    )
    byOrigin.set(origin, slots)
    return slots
  }

  function waiting(origin: string): Slot[] {
    return (byOrigin.get(origin) ?? []).filter(slot => slot.streamingSince === undefined)
  }

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
      live(origin).push(slot)
      promote(origin)
    },
    close(origin, slot) {
      const slots = byOrigin.get(origin) ?? []
      const at = slots.indexOf(slot)
      if (at < 0) return
      slots.splice(at, 1)
      if (slots.length === 0) byOrigin.delete(origin)
      else promote(origin)
    },
    streams(slot) {
      slot.streamingSince = now()
    },
    jammed(origin) {
      const slots = live(origin)
      if (slots.length < connections) return false
      return !slots.slice(0, connections).some(slot => slot.leavesRoom())
    },
    oldest(origin) {
      const ages = waiting(origin).map(slot => now() - (slot.startedAt ?? now()))
      return Math.max(0, ...ages)
    },
  }
}
