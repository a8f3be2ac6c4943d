import type { ServerState } from '../types.ts'

/** Why a server is out. */
export type Cause = 'dead' | 'slow' | 'erring'

export interface Ejection {
  cause: Cause
  /** Wall times in milliseconds. */
  since: number
  until: number
  /** Good probes since `until`, and when the next may be sent. */
  goodProbes: number
  nextProbeAt: number
}

/** What is remembered of one server: plain data, all times wall times in milliseconds. */
export interface ServerRecord {
  /** Last sign of life; 0 for never. */
  heardAt: number
  /** How soon it answers when it answers soon, in milliseconds; 0 before it has. */
  quickMs: number
  /** Since when it is under suspicion; the verdict is open. */
  suspectAt?: number
  out?: Ejection
  /** Ejections not yet forgiven: each doubles the next one's time. */
  ejections: number
  /** When `ejections`, or why it is out, last changed. */
  ejectionsAt: number
  backedOffUntil?: number
  /** The last answers: 1 where another server bettered a 5xx, else 0. */
  bettered: number[]
  /** When races were clearly lost. */
  racesLost: number[]
}

export function newRecord(): ServerRecord {
  return readRecord(undefined, 0, 0)
}

export function stateOf(record: ServerRecord, now: number): ServerState {
  if (record.out) return now >= record.out.until ? 'returning' : record.out.cause
  if (record.backedOffUntil! > now) return 'backed-off'
  return record.suspectAt ? 'suspect' : 'in-service'
}

/** Reads back a saved record; what is no number in it counts as never. */
export function readRecord(saved: unknown, now: number, longestMs: number): ServerRecord {
  const { heardAt, quickMs, ejections, ejectionsAt, backedOffUntil, bettered, racesLost, out } = Object(saved)
  const past = (value: unknown) => Math.min(numberIn(value), now)
  const record: ServerRecord = {
    heardAt: past(heardAt),
    quickMs: numberIn(quickMs),
    ejections: Math.min(numberIn(ejections), 32),
    ejectionsAt: past(ejectionsAt),
    bettered: numbersIn(bettered),
    racesLost: numbersIn(racesLost).filter(at => at <= now),
  }
  if (numberIn(backedOffUntil) - now < longestMs) record.backedOffUntil = numberIn(backedOffUntil)
  const until = numberIn(out?.until)
  // A clock that jumped back must not keep a server out for years.
  if (until && until - now < 2 * longestMs && ['dead', 'slow', 'erring'].includes(out.cause)) {
    record.out = {
      cause: out.cause,
      since: past(out.since),
      until,
      goodProbes: numberIn(out.goodProbes),
      nextProbeAt: until,
    }
  }
  return record
}

/** A finite number of at least 0, and 0 for anything else. */
export function numberIn(value: unknown): number {
  return typeof value === 'number' && value >= 0 && value < Number.POSITIVE_INFINITY ? value : 0
}

/** The last 40 numbers of a list. */
export function numbersIn(value: unknown): number[] {
  return Array.isArray(value) ? value.filter(one => one === numberIn(one)).slice(-40) : []
}
