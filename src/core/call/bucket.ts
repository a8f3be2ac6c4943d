import type { Tuning } from '../options.ts'

/**
 * Retry tokens: plain data. No clock fills it: a client that calls once a minute
 * would find it full in every minute of an outage (SCIENCE, finding 3).
 */
export interface Bucket {
  tokens: number
}

export function createBucket(tuning: Tuning): Bucket {
  return { tokens: tuning.tokensAtStart }
}

/** Takes `cost` tokens if there are that many. */
export function pay(bucket: Bucket, cost: number): boolean {
  if (bucket.tokens < cost) return false
  bucket.tokens -= cost
  return true
}

export function earn(bucket: Bucket, tuning: Tuning): void {
  bucket.tokens = Math.min(tuning.tokensMax, bucket.tokens + tuning.tokensPerSuccess)
}
