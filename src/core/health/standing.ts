import type { Outgoing } from '../ports.ts'

/** What a server is accused of: a request that failed at once, a body that broke off, a 5xx, or a probe unanswered. */
export type Charge = 'failed' | 'torn' | 'error' | 'silent'

/** What requests found out about one server, for this life only; moments are wall times in milliseconds, 0 for never. */
export interface Standing {
  /** A read went out to it as the trial of a returning server. */
  trialAt: number
  /** Requests under way elsewhere because this server failed them. */
  evidence: number
  /** When the last request went out that it answered well, and sooner than one never seen is raced. */
  promptAt: number
  /** It answered the probe that an accusation led to. */
  acquittedAt: number
  /** What it does not allow this page, as `Transport.needs` names it, and until when that is believed. */
  refused: string[]
  refusedUntil: number
  /** The last try that failed at once. */
  doubt?: Outgoing | undefined
  /** It is being found out what it refused of one that failed. */
  examined?: boolean
  /** The last accusation. */
  charge?: Charge
  /** When it was last accused of what CORS cannot explain. */
  erredAt: number
  /** Accusations since its last good answer. */
  accused: number
}

/** Gives each server's own, made at the first question. */
export function createStandings(): (id: string) => Standing {
  const all = new Map<string, Standing>()
  return id => {
    const found = all.get(id) ?? {
      trialAt: 0,
      evidence: 0,
      promptAt: 0,
      erredAt: 0,
      accused: 0,
      acquittedAt: 0,
      refused: [],
      refusedUntil: 0,
    }
    all.set(id, found)
    return found
  }
}
