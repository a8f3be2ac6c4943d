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
  /** What errs everywhere, or has two moves under way, must leave a token for the others. */
  readonly kind: { tokens: number }
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
  if (bucket.tokens + 1e-9 < cost + (payer.kind.tokens > 1 ? 1 : 0)) return false
  payer.kind.tokens++
  bucket.tokens = Math.max(0, bucket.tokens - cost)
  payer.paid += cost
  payer.credit = cost >= 1
  return true
}

/** Takes all: the other server was no faster, so everything is slow, and more requests would make it slower. */
export function empty(bucket: Bucket, now: number): void {
  bucket.tokens = 0
  bucket.emptiedAt = now
}

/** A request has ended. A client whose every answer is bad must be able to find a better server, now and then. */
export function earn({ kind, paid }: Payer, bucket: Bucket, good: boolean, tuning: Tuning): void {
  kind.tokens = good ? 0 : kind.tokens + 1
  const tokens = good ? tuning.tokensPerSuccess + paid : tuning.tokensPerSuccess / 20
  bucket.tokens = Math.min(tuning.tokensMax, bucket.tokens + tokens)
}
