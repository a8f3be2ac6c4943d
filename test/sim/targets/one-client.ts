import type { ServerRecord } from '../../../src/core/health/record.ts'
import { sum } from '../engine/figures.ts'
import { type Result, simulate } from '../engine/run.ts'
import type { Target } from '../target.ts'

/** The network is gone from the 60th second on. */
const FROM = 60
const UNTIL = 120

const ejections = ({ clients }: Result) =>
  clients
    .flatMap(({ core }) => Object.values(core!.memory().servers as Record<string, ServerRecord>))
    .filter(({ ejections }) => ejections).length

/** From the first request after the network came back to the first success of one sent after that, in seconds. */
function firstSuccess({ firstSentAt, firstSuccessAt }: Result): number {
  const first = (times: number[]) => Math.min(...Object.values(times.slice(UNTIL)))
  return (first(firstSuccessAt) - first(firstSentAt)) / 1_000
}

export const A20: Target = {
  id: 'A20',
  what: "A person's own network is gone for a minute, or for a second: no server is blamed for it",
  cases: [0.2, 1, 10].map(rate => ({
    name: `${rate} requests a second`,
    run(make, seed) {
      const servers = Array.from({ length: 5 }, () => ({ rate: 1_000 }))
      const life = { seed, clients: 1, rate, seconds: 150, servers, make }
      const minute = simulate({ ...life, isCut: second => second >= FROM && second < UNTIL })
      const moment = simulate({ ...life, isCut: second => second === FROM })
      return {
        ejections: ejections(minute) + ejections(moment),
        probes: sum(minute.probesPerSecond, FROM, UNTIL),
        firstSuccessS: firstSuccess(minute),
      }
    },
    limits: { ejections: { most: 0 }, probes: { most: 8 }, firstSuccessS: { most: 1 } },
  })),
}
