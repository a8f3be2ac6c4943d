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
  /** Since when it is under suspicion; the verdict is open. */
  suspectAt?: number
  out?: Ejection
  /** Ejections not yet forgiven: each doubles the next one's time. */
  ejections: number
  /** When `ejections` last changed. */
  ejectionsAt: number
  backedOffUntil?: number
  /** The last answers: 1 where another server bettered a 5xx, else 0. */
  bettered: number[]
  /** When races were clearly lost. */
  racesLost: number[]
}

export function newRecord(): ServerRecord {
  return { heardAt: 0, ejections: 0, ejectionsAt: 0, bettered: [], racesLost: [] }
}

export function stateOf(record: ServerRecord | undefined, now: number): ServerState {
  if (!record) return 'in-service'
  if (record.out) return now >= record.out.until ? 'returning' : record.out.cause
  if ((record.backedOffUntil ?? 0) > now) return 'backed-off'
  return record.suspectAt === undefined ? 'in-service' : 'suspect'
}

/** How a server was found to be: the same words in status and events, over from disk field by field. */
export function readRecord(saved: unknown, now: number, longestMs: number): ServerRecord | undefined {
  if (typeof saved !== 'object' || saved === null) return undefined
  const from = saved as Record<string, unknown>
  const record = newRecord()
  record.heardAt = Math.min(moment(from.heardAt) ?? 0, now)
  record.ejections = Math.min(moment(from.ejections) ?? 0, 32)
  record.ejectionsAt = Math.min(moment(from.ejectionsAt) ?? 0, now)
  record.bettered = numbers(from.bettered)
  record.racesLost = numbers(from.racesLost)
  const backedOffUntil = moment(from.backedOffUntil)
  if (backedOffUntil && backedOffUntil - now < longestMs) record.backedOffUntil = backedOffUntil
  const out = from.out as Partial<Ejection> | undefined
  if (out && isCause(out.cause)) {
    const since = moment(out.since)
    const until = moment(out.until)
    // A clock that jumped back must not keep a server out for years.
    if (since !== undefined && until !== undefined && until - now < 2 * longestMs) {
      record.out = { cause: out.cause, since, until, goodProbes: 0, nextProbeAt: until }
    }
  }
  return record
}

function isCause(value: unknown): value is Cause {
  return value === 'dead' || value === 'slow' || value === 'erring'
}

function moment(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter(one => moment(one) !== undefined).slice(-40) : []
}
