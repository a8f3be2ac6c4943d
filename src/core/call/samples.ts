import type { Tuning } from '../options.ts'

/** Most kinds kept, and most samples of each. */
const KINDS = 64
const SAMPLES = 40

/** What is known of one kind of request, all servers together: plain data. */
export interface Kind {
  /** The last times to headers, in milliseconds, oldest first. */
  ms: number[]
  /** The last time that another server was asked, too, it had no good answer either. */
  errs?: boolean
  /** Whether its good answers are HTML. */
  html?: boolean
  /** What the asked server's last good answer showed of `Answer.shown`. */
  shown?: readonly string[] | undefined
}

/** Kinds by name, the longest unused first. */
export type Kinds = Map<string, Kind>

/** The entry for `name`, moved to the end of the line; the first in line is dropped when there are too many. */
export function useKind(kinds: Kinds, name: string): Kind {
  const kind = kinds.get(name) ?? { ms: [] }
  kinds.delete(name)
  kinds.set(name, kind)
  if (kinds.size > KINDS) kinds.delete(kinds.keys().next().value!)
  return kind
}

export function addSample(kind: Kind, ms: number): void {
  kind.ms.push(Math.max(0, Math.round(ms)))
  if (kind.ms.length > SAMPLES) kind.ms.shift()
}

function quantile(ms: readonly number[], share: number): number {
  // Sorts by number without asking us of each pair: this runs for every request.
  const sorted = new Float64Array(ms).sort()
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

/** How long a try may stay without headers before the servers are looked at. */
export function lookAfter(kind: Kind, tuning: Tuning): number {
  const { lookAfterMs, lookFactor, samplesNeeded, attemptTimeoutMs } = tuning
  if (kind.ms.length < samplesNeeded) return Math.min(lookAfterMs, attemptTimeoutMs)
  return Math.min(Math.max(lookAfterMs, lookFactor * quantile(kind.ms, 0.49)), attemptTimeoutMs)
}

/**
 * The age from which a read may be raced. With few samples their median decides: one
 * 30 s export seen before is enough not to race the next, one hung read among fast ones is not.
 */
export function overtakeAfter(kind: Kind, tuning: Tuning): number {
  const seen = kind.ms.length < tuning.samplesNeeded ? quantile(kind.ms, 0.49) : quantile(kind.ms, 0.9)
  return Math.max(tuning.overtakeAfterMs, tuning.lookAfterMs, tuning.lookFactor * seen)
}

/** True when enough answers of this kind were seen, all faster than `ageMs`. */
export function isOverdue(kind: Kind, ageMs: number, tuning: Tuning): boolean {
  return kind.ms.length >= tuning.samplesNeeded && quantile(kind.ms, 0.9) < ageMs
}
