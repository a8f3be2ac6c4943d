import { isWithin } from '../moments.ts'
import type { Tuning } from '../options.ts'
import type { Random } from '../ports.ts'
import type { Cause, ServerRecord } from './record.ts'

/** How long races lost count together towards an ejection as slow. */
const RACES_WITHIN_MS = 300_000

/** A race is judged two seconds after its loser went out, at the earliest; what went out with it, at least this long before. */
const LATER_MS = 1_000

/**
 * Whether one more server may go out for this cause. All dead ones may but the last
 * server; those that answer, slowly or badly, at most half, rounded down.
 */
export function mayEject(cause: Cause, id: string, records: ReadonlyMap<string, ServerRecord>): boolean {
  const causes = [...records].flatMap(([other, { out }]) => (other !== id && out ? out.cause : []))
  if (causes.length > records.size - 2) return false
  return cause === 'dead' || 2 * causes.filter(one => one !== 'dead').length + 2 <= records.size
}

/** How long a server stays out, counted anew each time: 30 s, doubled by each earlier ejection, ±50 %. */
export function ejectionMs(record: ServerRecord, random: Random, tuning: Tuning): number {
  const base = Math.min(tuning.ejectMs * 2 ** Math.max(0, record.ejections - 1), tuning.ejectMaxMs)
  return base * (0.5 + random())
}

export function eject(record: ServerRecord, cause: Cause, now: number, random: Random, tuning: Tuning): void {
  forgive(record, now, tuning)
  record.ejections++
  record.ejectionsAt = now
  record.out = { cause, since: now, until: 0, goodProbes: 0, nextProbeAt: 0 }
  putOff(record, now, random, tuning)
  delete record.suspectAt
  record.bettered = []
  record.racesLost = []
}

/** One doubling is forgiven for each clean stretch of time. */
function forgive(record: ServerRecord, now: number, tuning: Tuning): void {
  const stretches = Math.max(0, Math.floor((now - record.ejectionsAt) / tuning.forgiveAfterMs))
  record.ejections = Math.max(0, record.ejections - stretches)
}

/** Notes an answer; returns true when too many of the last ones were bettered by another server. */
export function noteAnswer(record: ServerRecord, bettered: boolean, tuning: Tuning): boolean {
  record.bettered.push(bettered ? 1 : 0)
  if (record.bettered.length > tuning.errorWindow) record.bettered.shift()
  return bettered && record.bettered.filter(Boolean).length >= tuning.errorsToEject
}

/**
 * Notes a race clearly lost; returns true when it is one too many.
 *
 * @param lostAt when the loser went out, if the server soon answered what went out later: while the network was gone it may
 *   have been lost on the way, and with it all that was under way. These count as one
 */
export function noteLostRace(record: ServerRecord, now: number, tuning: Tuning, lostAt?: number | false): boolean {
  record.racesLost = record.racesLost.filter(at => isWithin(at, RACES_WITHIN_MS, now))
  if (lostAt && lostAt < record.racesLost.at(-1)! - LATER_MS) return false
  record.racesLost.push(now)
  return record.racesLost.length >= tuning.racesToEject
}

/**
 * Notes a probe of a server whose ejection time is over. Two good ones, some time
 * apart, make it fit for one read; a bad one puts it off for the same time again.
 */
export function noteReturnProbe(
  record: ServerRecord,
  good: boolean,
  now: number,
  random: Random,
  tuning: Tuning,
): void {
  const { out } = record
  if (!out || now < out.until) return
  if (!good) return putOff(record, now, random, tuning)
  if (now < out.nextProbeAt) return
  out.goodProbes++
  out.nextProbeAt = now + tuning.returnGapMs * (1 + random())
}

/** Keeps a server out for its ejection time once more, without lengthening it. */
export function putOff(record: ServerRecord, now: number, random: Random, tuning: Tuning): void {
  if (!record.out) return
  const until = now + ejectionMs(record, random, tuning)
  record.out = { ...record.out, until, goodProbes: 0, nextProbeAt: until }
}
