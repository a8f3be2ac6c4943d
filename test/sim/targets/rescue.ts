import { sum } from '../engine/figures.ts'
import { simulate } from '../engine/run.ts'
import type { Fault } from '../engine/server.ts'
import type { Case, Target } from '../target.ts'

const kinds = ['hole', '503'] as const
const fails = (kind: Fault['kind'], from: number, rate: number) =>
  Array.from({ length: 5 }, (_, index) => ({ rate, faults: index ? [] : [{ from, until: 1e9, kind }] }))

export const A29: Target = {
  id: 'A29',
  what: 'A server hangs, or turns to 503, with many requests under way: none fails, and a crowd is well again soon',
  cases: kinds.flatMap((kind): Case[] => [
    {
      name: `one client, 64 requests a second, ${kind}`,
      run(make, seed) {
        const result = simulate({ seed, clients: 1, rate: 64, seconds: 40, servers: fails(kind, 20_000, 1_000), make })
        return { failed: sum(result.failed) }
      },
      limits: { failed: { most: 0 } },
    },
    {
      name: `20,000 clients, the others at 0.9 of what they can do, ${kind}`,
      run(make, seed) {
        const servers = fails(kind, 30_000, 100)
        const result = simulate({ seed, clients: 20_000, rate: 360, seconds: 60, servers, make })
        const last = result.sent.findLastIndex((all, second) => second >= 30 && 100 * result.failed[second]! > all)
        return { backS: last < 0 ? 0 : last - 29 }
      },
      limits: { backS: { most: 5 } },
    },
  ]),
}
