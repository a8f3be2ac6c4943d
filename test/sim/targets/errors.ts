import { amplification, success, sum } from '../engine/figures.ts'
import { simulate } from '../engine/run.ts'
import type { Case, Target } from '../target.ts'

const limits17: Record<number, [success: number, amplification: number]> = {
  1: [99.985, 1.011],
  10: [97, 1.1],
  30: [74, 1.09],
}

export const A17: Target = {
  id: 'A17',
  what: 'Every server answers some requests with 500: most are asked once more, and the budget holds',
  cases: [1, 10, 30].map(
    (percent): Case => ({
      name: `${percent} %`,
      run(make, seed) {
        const faults = [{ from: 0, until: 1e9, kind: 'errors' as const, amount: percent / 100 }]
        const servers = Array.from({ length: 5 }, () => ({ rate: 1_000, faults }))
        const result = simulate({ seed, clients: 50, rate: 100, seconds: 400, servers, make })
        return { success: success(result), amplification: amplification(result) }
      },
      limits: {
        success: { least: limits17[percent]![0] },
        amplification: { most: limits17[percent]![1] },
      },
      beside: ['none', 'naive', 'grpc'],
    }),
  ),
}

export const A28: Target = {
  id: 'A28',
  what: 'One server of four errs on some requests: one client reads a thousand times and sees no error',
  policy: 'primary',
  servers: 4,
  cases: [10, 30].map(
    (percent): Case => ({
      name: `${percent} %`,
      run(make, seed) {
        const faults = [{ from: 0, until: 1e9, kind: 'errors' as const, amount: percent / 100 }]
        const servers = Array.from({ length: 4 }, (_, index) => ({ rate: 1_000, faults: index ? [] : faults }))
        const result = simulate({ seed, clients: 1, rate: 10, seconds: 100, servers, make })
        return { failed: sum(result.failed) }
      },
      limits: { failed: { most: 0 } },
    }),
  ),
}

export const A12: Target = {
  id: 'A12',
  what: 'All servers are out: hardly anything is sent twice',
  cases: (['hole', '503', 'refuse'] as const).flatMap(kind =>
    [
      { each: 1, seconds: 60 },
      { each: 0.1, seconds: 600 },
    ].map(
      ({ each, seconds }): Case => ({
        name: `${kind}, each client asks ${each} times a second for ${seconds} s`,
        run(make, seed) {
          const faults = [{ from: 20_000, until: (20 + seconds) * 1_000, kind }]
          const servers = Array.from({ length: 5 }, () => ({ rate: 1_000, faults }))
          const result = simulate({ seed, clients: 50 / each, rate: 50, seconds: 20 + seconds, servers, make })
          return { amplification: amplification(result, 20) }
        },
        limits: { amplification: { most: kind === 'refuse' ? 1.25 : each === 1 ? 1.1 : 1.07 } },
        beside: kind === 'hole' && each === 1 ? ['naive', 'grpc', 'aws', 'finagle'] : [],
      }),
    ),
  ),
}
