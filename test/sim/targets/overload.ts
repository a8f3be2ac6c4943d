import type { MakeClient } from '../engine/client.ts'
import { amplification, recovery, success, sum } from '../engine/figures.ts'
import { type Result, simulate } from '../engine/run.ts'
import type { Case, Target } from '../target.ts'

/** All servers at a fifth of their speed for 20 s, from the 20th second on. */
const FROM = 20
const UNTIL = 40
const slow = [{ from: FROM * 1_000, until: UNTIL * 1_000, kind: 'capacity' as const, amount: 0.2 }]

interface Setting {
  crowd: number
  /** Share of what all servers together can do. */
  rho: number
  /** How long the run goes on after the fault. */
  afterS: number
  probeCost: number
  queue?: number
}

function overload(make: MakeClient, seed: number, { crowd, rho, afterS, probeCost, queue }: Setting): Result {
  return simulate({
    seed,
    clients: crowd,
    rate: 500 * rho,
    seconds: UNTIL + afterS,
    servers: Array.from({ length: 5 }, () => ({ rate: 100, faults: slow, queue })),
    make,
    probeCost,
  })
}

const grid = <T>(
  crowds: readonly number[],
  costs: readonly number[],
  make: (crowd: number, rho: number, cost: number) => T,
) => [0.5, 0.7, 0.8].flatMap(rho => crowds.flatMap(crowd => costs.map(cost => make(crowd, rho, cost))))

const limitsS: Record<number, number> = { 0.5: 22, 0.7: 52, 0.8: 88 }

export const A14: Target = {
  id: 'A14',
  what: 'No retry storm: when all servers were overloaded, everything is well again soon after, at any number of clients',
  cases: grid(
    [200, 2_000, 20_000, 200_000],
    [0.02, 0.05],
    (crowd, rho, probeCost): Case => ({
      name: `${crowd} clients, load ${rho}, a probe costs ${probeCost * 100} %`,
      run(make, seed) {
        const result = overload(make, seed, { crowd, rho, probeCost, afterS: 120 })
        return {
          recoveryS: recovery(result, UNTIL),
          amplification: amplification(result),
          probesPerRequest: sum(result.probesPerSecond) / sum(result.sent),
        }
      },
      limits: { recoveryS: { most: limitsS[rho]! } },
      beside: crowd === 20_000 && probeCost === 0.05 ? ['none', 'naive', 'grpc', 'aws'] : [],
    }),
  ),
}

export const A15: Target = {
  id: 'A15',
  what: 'The same where servers turn away what is more than 200 in their queue',
  cases: grid(
    [200, 20_000],
    [0.05],
    (crowd, rho, probeCost): Case => ({
      name: `${crowd} clients, load ${rho}`,
      run(make, seed) {
        const result = overload(make, seed, { crowd, rho, probeCost, afterS: 60, queue: 200 })
        return { recoveryS: recovery(result, UNTIL), success: success(result, 0, FROM) }
      },
      limits: { recoveryS: { most: rho < 0.8 ? 5 : 8 } },
      beside: crowd === 20_000 ? ['none', 'aws'] : [],
    }),
  ),
}

export const A25: Target = {
  id: 'A25',
  what: 'All answers come 0.8 s later for a minute: hardly anything is asked twice, and it is over when it is over',
  cases: [200, 2_000, 20_000].map(
    (crowd): Case => ({
      name: `${crowd} clients`,
      run(make, seed) {
        const later = [{ from: 20_000, until: 80_000, kind: 'later' as const, amount: 800 }]
        const result = simulate({
          seed,
          clients: crowd,
          rate: 300,
          seconds: 110,
          servers: Array.from({ length: 5 }, () => ({ rate: 100, faults: later })),
          make,
        })
        return {
          success: success(result, 20, 80),
          amplification: amplification(result, 20, 80),
          recoveryS: recovery(result, 80),
        }
      },
      // With 20 samples each, as the busy clients have, or nearly none.
      limits: {
        success: { least: 99 },
        amplification: { most: crowd <= 200 ? 1.15 : 1.5 },
        recoveryS: { most: 5 },
      },
    }),
  ),
}
