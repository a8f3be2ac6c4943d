import { sum } from '../engine/figures.ts'
import { simulate } from '../engine/run.ts'
import type { Case, Target } from '../target.ts'

export const A20: Target = {
  id: 'A20',
  what: "A person's own network is gone for a minute: no server is blamed for it",
  cases: [0.2, 1, 10].map(
    (rate): Case => ({
      name: `${rate} requests a second`,
      run(make, seed) {
        const servers = Array.from({ length: 5 }, () => ({ rate: 1_000 }))
        const isCut = (second: number) => second >= 60 && second < 120
        const result = simulate({ seed, clients: 1, rate, seconds: 150, servers, make, isCut })
        const records = [...(result.clients[0]?.core?.status().servers ?? [])]
        const handover = simulate({
          seed,
          clients: 1,
          rate,
          seconds: 90,
          servers,
          make,
          isCut: second => second === 60,
        })
        const ejected = (one: typeof result) =>
          sum(
            one.clients
              .map(({ core }) => core?.memory().servers as Record<string, { ejections: number }>)
              .flatMap(all => Object.values(all ?? {}).map(({ ejections }) => ejections)),
          )
        return {
          ejections: ejected(result) + ejected(handover),
          failedAfter: sum(result.failed, 122),
          out: records.filter(({ state }) => state !== 'in-service').length,
        }
      },
      limits: { ejections: { most: 0 }, failedAfter: { most: 0 }, out: { most: 0 } },
    }),
  ),
}

export const A29: Target = {
  id: 'A29',
  what: 'A server hangs, or turns to 503, under a crowd: it is well again within seconds',
  cases: (['hole', '503'] as const).map(
    (kind): Case => ({
      name: `20,000 clients, ${kind}`,
      run(make, seed) {
        const servers = Array.from({ length: 5 }, (_, index) => ({
          rate: 100,
          faults: index ? [] : [{ from: 30_000, until: 60_000, kind }],
        }))
        const result = simulate({ seed, clients: 20_000, rate: 360, seconds: 60, servers, make })
        const bad = result.sent.map((sent, second) => second >= 30 && 100 * result.succeeded[second]! < 99 * sent)
        return { backS: bad.lastIndexOf(true) < 0 ? 0 : bad.lastIndexOf(true) - 29 }
      },
      limits: { backS: { most: 5 } },
    }),
  ),
}
