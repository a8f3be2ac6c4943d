import { expect, test } from 'vitest'
import { A, B, C, client, D, failures, type Sent } from '../support/client.ts'
import { type Behaviour, healthy } from '../support/scripted-network.ts'
import { seeded } from '../support/seeded.ts'

/** What befalls a server. */
const faults: Partial<Behaviour>[] = [
  { api: 'refuse' },
  { api: 'refuse', probe: 'ok' },
  { api: 'hang' },
  { api: 'hang', probe: 'ok' },
  { api: 'break' },
  { api: 'stall' },
  { status: 503 },
  { status: 503, probeStatus: 200 },
  { status: 503, retryAfterMs: 5_000 },
  { status: 500, probeStatus: 200 },
  { ms: 8_000 },
]

/** How long one case goes on after its fault, and when the server is well again, in milliseconds. */
const LASTS_MS = 30_000
const BACK_AFTER_MS = 15_000

/**
 * One client of servers at random distances of up to 150 ms, with one to five readers in turn, through a fault of the
 * primary at a random moment, and of a mirror up to 5 s after if `two`.
 */
function reads(seed: number, two: boolean): Sent[] {
  const random = seeded(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)]!
  const origins = [A, B, C, D].slice(0, two ? 4 : 2 + Math.floor(random() * 3))
  const { net, send, clock } = client(
    origins.map((url, tier) => ({ url, tier })),
    { seed },
  )
  const distances = origins.map(() => Math.round(5 * 30 ** random()))
  const put = (at: number, fault: Partial<Behaviour> = {}) => {
    const ms = distances[at]! + (fault.ms ?? 0)
    net.servers[origins[at]!] = { ...healthy, probeMs: distances[at]!, ...fault, ms }
  }
  for (const at of origins.keys()) put(at)

  const from = Math.round(random() * 20_000)
  const pauseMs = pick([10, 100, 1_000])
  clock.after(from, () => put(0, pick(faults)))
  clock.after(from + BACK_AFTER_MS, () => put(0))
  if (two) clock.after(from + random() * 5_000, () => put(1 + Math.floor(random() * 3), pick(faults)))

  const all: Sent[] = []
  const readers = Array.from({ length: 1 + Math.floor(random() * 5) }, () => ({
    nextAt: 0,
    sent: undefined as Sent | undefined,
  }))
  for (let ms = 0; ms < from + LASTS_MS; ms++) {
    for (const reader of readers) {
      if (reader.sent?.outcome) Object.assign(reader, { nextAt: ms + pauseMs, sent: undefined })
      if (reader.sent || reader.nextAt > ms) continue
      reader.sent = send('/api/read')
      all.push(reader.sent)
    }
    clock.run(1)
  }
  clock.run(15_000)
  return all
}

test('whenever any one server goes bad in whatever way, no read fails and none waits over 2.7 s', {
  timeout: 60_000,
}, () => {
  for (let seed = 1; seed <= 60; seed++) {
    const all = reads(seed, false)
    expect(failures(all), `seed ${seed}`).toEqual([])
    expect(Math.max(...all.map(({ ms }) => ms!)), `seed ${seed}`).toBeLessThan(2_700)
  }
})

test('nor when two of four do', { timeout: 60_000 }, () => {
  for (let seed = 1; seed <= 60; seed++) {
    const all = reads(seed, true)
    expect(failures(all), `seed ${seed}`).toEqual([])
    expect(Math.max(...all.map(({ ms }) => ms!)), `seed ${seed}`).toBeLessThan(3_600)
  }
})
