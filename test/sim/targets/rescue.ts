import { sum } from '../engine/figures.ts'
import { simulate } from '../engine/run.ts'
import type { Fault } from '../engine/server.ts'
import type { Case, Target } from '../target.ts'

const kinds = ['hole', '503'] as const

/** Answers take this long, so that many are under way; milliseconds. */
const ANSWER_MS = 250

/** Five servers, of which number `bad` fails from then on. */
const fails = (bad: number, fault: Omit<Fault, 'until'>, rate: number, laterMs = 0) =>
  Array.from({ length: 5 }, (_, index): { rate: number; faults: Fault[] } => ({
    rate,
    faults: [
      { kind: 'later', from: 0, until: 1e9, amount: laterMs },
      ...(index === bad ? [{ ...fault, until: 1e9 }] : []),
    ],
  }))

export const A29: Target = {
  id: 'A29',
  what: 'A server hangs, or turns to 503, with many requests under way: none fails, and a crowd is well again soon',
  cases: kinds.flatMap((kind): Case[] => [
    ...[1, 16, 64].map(
      (underWay): Case => ({
        name: `one client, about ${underWay} under way, ${kind}`,
        run(make, seed) {
          const fault = { kind, from: 20_000 }
          const life = { seed, clients: 1, rate: (1_000 * underWay) / ANSWER_MS, seconds: 40, make }
          // Whom this client turns to first.
          const before = simulate({ ...life, seconds: 10, servers: fails(-1, fault, 10_000, ANSWER_MS) })
          const used = before.network.servers.map(({ perSecond }) => sum(perSecond))
          const own = used.indexOf(Math.max(...used))
          const result = simulate({ ...life, servers: fails(own, fault, 10_000, ANSWER_MS) })
          return { failed: sum(result.failed), onIt: sum(result.network.servers[own]!.perSecond, 15, 20) }
        },
        limits: { failed: { most: 0 }, onIt: { least: 1 } },
      }),
    ),
    {
      name: `20,000 clients, the others at 0.9 of what they can do, ${kind}`,
      run(make, seed) {
        const servers = fails(0, { kind, from: 30_000 }, 100)
        const result = simulate({ seed, clients: 20_000, rate: 360, seconds: 60, servers, make })
        const last = result.sent.findLastIndex((all, second) => second >= 30 && 100 * result.failed[second]! > all)
        return { backS: last < 0 ? 0 : last - 29 }
      },
      limits: { backS: { most: 5 } },
    },
  ]),
}
