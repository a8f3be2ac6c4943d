import type { Tuning } from '../options.ts'

/**
 * Retry tokens: plain data. No clock fills it: a client that calls once a minute
 * would find it full in every minute of an outage (SCIENCE, finding 3).
 */
export interface Bucket {
  tokens: number
  /** When a race that was not clearly won emptied it; wall time in milliseconds. */
  emptiedAt: number
}

/** For how long an emptied bucket forbids even the race of a read that has waited very long. */
const CAUTIOUS_MS = 60_000

export function createBucket(tuning: Tuning): Bucket {
  return { tokens: tuning.tokensAtStart, emptiedAt: 0 }
}

/** Takes `cost` tokens if there are that many. Returns what it took. */
export function pay(bucket: Bucket, cost: number): number {
  // Ten tenths are a little less than one.
  if (bucket.tokens + 1e-9 < cost) return 0
  bucket.tokens = Math.max(0, bucket.tokens - cost)
  return cost
}

/** Takes all: the other server was no faster, so everything is slow, and more requests would make it slower. */
export function empty(bucket: Bucket, now: number): void {
  bucket.tokens = 0
  bucket.emptiedAt = now
}

/**
 * What a read of this age pays for being raced, 0 if it may not be: a token, or, lest it wait for ever behind a
 * hung API that answers its probes, nothing worth the name when it is very old and no race was lost lately.
 */
export function payForRace(bucket: Bucket, ageMs: number, now: number, tuning: Tuning): number {
  const isDesperate = ageMs >= tuning.silenceMs && now - bucket.emptiedAt > CAUTIOUS_MS
  return pay(bucket, tuning.retryCost) || Number(isDesperate)
}

export function earn(bucket: Bucket, tokens: number, { tokensMax }: Tuning): void {
  bucket.tokens = Math.min(tokensMax, bucket.tokens + tokens)
}
