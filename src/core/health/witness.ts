/**
 * Who answered to something sent when: what proves that a silence is not the network's.
 *
 * A witness for a try is an answer, of any status, from *another* origin to something
 * sent *after* the try went out. An earlier success is none, however recent: a phone
 * that loses its network has just heard from everybody.
 */
export interface Witnesses {
  /** A moment for a send, later than all before it even within one millisecond. */
  stamp(): number
  answered(origin: string, sentAt: number): void
  /** Whether another origin answered to something sent after `stamp`; where none is named, whether any did. */
  against(origin: string, stamp: number): boolean
}

export function createWitnesses(now: () => number): Witnesses {
  const latest = new Map<string, number>()
  let last = 0

  return {
    stamp() {
      // A clock set back starts a new count: comparing across the jump would blame nobody for hours.
      const at = now()
      if (at < last - 60_000) latest.clear()
      last = at > last || at < last - 60_000 ? at : last + 1 / 1024
      return last
    },
    answered(origin, sentAt) {
      // Sent before the clock was set back: it would be a witness for hours.
      if (sentAt > Math.max(last, now())) return
      latest.set(origin, Math.max(latest.get(origin) ?? 0, sentAt))
    },
    against(origin, stamp) {
      for (const [other, sentAt] of latest) if (other !== origin && sentAt > stamp) return true
      return false
    },
  }
}
