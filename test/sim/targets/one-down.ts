import { amplification, recovery, success, sum } from '../engine/figures.ts'
import { simulate } from '../engine/run.ts'
import type { Fault } from '../engine/server.ts'
import type { Case, Target } from '../target.ts'

const one = (fault: Fault, rate = 100) =>
  Array.from({ length: 5 }, (_, index) => ({ rate, faults: index === 0 ? [fault] : [] }))

export const A9: Target = {
  id: 'A9',
  what: 'A server that refuses connections is left by nearly everybody within seconds, and nobody notices',
  cases: [
    {
      name: '500 clients, each one request a second',
      run(make, seed) {
        const result = simulate({
          seed,
          clients: 500,
          rate: 500,
          seconds: 80,
          servers: one({ from: 20_000, until: 90_000, kind: 'refuse' }, 250),
          make,
        })
        // Its share of all, once a second, is what those send that have not left it yet.
        const { perSecond } = result.network.servers[0]!
        const shares = result.sent.map((sent, second) => (perSecond[second] ?? 0) / sent)
        const usual = sum(shares, 0, 20) / 20
        const lasting = shares.findLastIndex((share, second) => second >= 20 && share > 0.01 * usual)
        return {
          drainS: Math.max(0, lasting + 1 - 20),
          wastedPerClient: sum(perSecond, 20) / 500,
          failed: sum(result.failed),
        }
      },
      limits: { drainS: { most: 25 }, wastedPerClient: { most: 2 }, failed: { most: 0 } },
    },
  ],
}

const success16: Record<number, number> = { 0.5: 99.9, 0.7: 99.5, 0.8: 95 }

export const A16: Target = {
  id: 'A16',
  what: 'One server of five answers nothing for 20 s: next to nobody waits longer than a second',
  cases: [0.5, 0.7, 0.8].flatMap(rho =>
    [200, 20_000].map(
      (crowd): Case => ({
        name: `${crowd} clients, load ${rho}`,
        run(make, seed) {
          const result = simulate({
            seed,
            clients: crowd,
            rate: 500 * rho,
            seconds: 80,
            servers: one({ from: 20_000, until: 40_000, kind: 'hole' }),
            make,
          })
          return {
            success: success(result, 20, 40),
            amplification: amplification(result, 20, 40),
            successAfter: success(result, 50, 80),
          }
        },
        limits: {
          success: { least: success16[rho]! },
          amplification: { most: (500 * rho) / crowd >= 1 ? 1.08 : 1.21 },
          successAfter: { least: 99 },
        },
        beside: crowd === 20_000 ? ['none', 'naive', 'grpc'] : [],
      }),
    ),
  ),
}

export const A26: Target = {
  id: 'A26',
  what: 'The primary hangs for 10 s and its one mirror is half as strong: no worse than without us, and soon over',
  policy: 'primary',
  servers: 2,
  cases: (['hole', 'later'] as const).map(
    (kind): Case => ({
      name: kind === 'hole' ? 'it hangs' : 'it is 3 s slower',
      run(make, seed) {
        const servers = [{ rate: 100, faults: [{ from: 20_000, until: 30_000, kind, amount: 3_000 }] }, { rate: 50 }]
        const result = simulate({ seed, clients: 200, rate: 70, seconds: 90, servers, make })
        return { failed: 100 - success(result), recoveryS: recovery(result, 30) }
      },
      // Without us all of the 10 of 90 seconds fail.
      limits: { failed: { most: (100 * 10) / 90 }, recoveryS: { most: 5 } },
    }),
  ),
}
