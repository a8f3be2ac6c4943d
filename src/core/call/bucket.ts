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

export function createBucket(tuning: Tuning): Bucket {
  return { tokens: tuning.tokensAtStart, emptiedAt: 0 }
}

/** Who moves. */
export interface Payer {
  /** What errs everywhere must leave a token for the others. */
  readonly kind?: { errs?: boolean }
  /** The tokens that it has paid: they come back with a good answer. */
  paid: number
  /** It has a move to come. */
  credit?: boolean
}

/** Takes `cost` tokens if there are that many. Whoever has paid a whole one may move twice for it: two servers may be bad. */
export function pay(payer: Payer, bucket: Bucket, cost: number): boolean {
  if (payer.credit) {
    payer.credit = false
    return true
  }
  // Ten tenths are a little less than one.
  if (bucket.tokens + 1e-9 < cost + (payer.kind?.errs ? 1 : 0)) return false
  bucket.tokens -= cost
  payer.paid += cost
  payer.credit = cost >= 1
  return true
}

/** Takes all: the other server was no faster, so everything is slow, and more requests would make it slower. */
export function empty(bucket: Bucket, now: number): void {
  bucket.tokens = 0
  bucket.emptiedAt = now
}

export function earn(bucket: Bucket, tokens: number, { tokensMax }: Tuning): void {
  bucket.tokens = Math.min(tokensMax, bucket.tokens + tokens)
}
