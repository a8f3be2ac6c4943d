import type { Policy } from '../../src/core/types.ts'
import { listOf } from '../support/client.ts'
import type { baselines } from './engine/baselines.ts'
import { type MakeClient, ours } from './engine/client.ts'
import { urlOf } from './engine/network.ts'

/** Figures of one run by name. */
export type Figures = Record<string, number>

/** What a figure may be: at most, or at least. */
export type Limit = { most: number } | { least: number }

/** One run of a target, for every seed. */
export interface Case {
  name: string
  /** Everything that comes out of one run with these clients. */
  run(make: MakeClient, seed: number): Figures
  limits: Record<string, Limit>
  /** Clients of another kind to run beside ours. */
  beside?: readonly (keyof typeof baselines)[]
}

/** One acceptance target of the simulation. */
export interface Target {
  id: string
  /** In plain words, what a person gets out of it. */
  what: string
  /** Default `balanced`. */
  policy?: Policy
  /** Servers in the list; default 5. */
  servers?: number
  cases: readonly Case[]
}

/** Our clients as this target has them: everything but the policy as it ships. */
export function clientsOf({ policy = 'balanced', servers = 5 }: Target): MakeClient {
  const urls = Array.from({ length: servers }, (_, index) => urlOf(index))
  const list = listOf(
    urls.map((url, tier) => ({ url, tier: policy === 'primary' ? Math.min(tier, 1) : 0 })),
    { policy },
  )
  return policy === 'primary' ? ours(list, { own: 'https://s0.example' }, `${urlOf(0)}api/read`) : ours(list)
}

/** Of what is no number nothing is known, and nothing holds. */
export const holds = (limit: Limit, figure: unknown) =>
  typeof figure === 'number' && ('most' in limit ? figure <= limit.most : figure >= limit.least)

/** The figure furthest on the wrong side. */
export function worstOf(limit: Limit, figures: readonly number[]): number {
  return 'most' in limit ? Math.max(...figures) : Math.min(...figures)
}
