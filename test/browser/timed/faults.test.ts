import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { apiSentTo } from '../../support/counting-worker.ts'
import { faults, outStates, rows, slowestMs } from '../../support/faults.ts'
import { figure, full, slack } from '../../support/full.ts'
import { failed, type Reading, readings, started, startLoad } from '../../support/load.ts'
import { openStage, type Stage, statusOf } from '../../support/stage.ts'

/** The counts, or enough to see the same. */
const count = full ? 1_000 : 140
const strikeAt = full ? 250 : 40
/** A busy machine under half the load still works off what a fault has held up. */
const everyMs = full ? 20 : 40

let stage: Stage
beforeEach(async () => {
  stage = await openStage({ counting: true })
})
afterEach(async () => {
  await stage.close()
})

async function readThrough(strike: () => Promise<unknown>): Promise<{ all: Reading[]; struckAt: number }> {
  const { page } = stage
  await startLoad(page, { count, everyMs })
  await started(page, strikeAt)
  const struckAt = Date.now()
  await strike()
  return { all: await readings(page), struckAt }
}

function expectUnnoticed(name: string, all: readonly Reading[], struckAt: number): void {
  const late = all.filter(reading => reading.at > struckAt + 3_000)
  const slow = late.filter(reading => reading.ms > 200)
  const slowest = Math.max(...all.map(reading => reading.ms))
  figure(`reads, ${name}`, { reads: all.length, failed: failed(all).length, slowest, 'later over 200 ms': slow.length })
  expect(failed(all)).toEqual([])
  expect(all).toHaveLength(count)
  expect(slow.length).toBeLessThanOrEqual(full ? late.length / 100 : late.length / 2)
  expect(slowest).toBeLessThanOrEqual(slowestMs(name) * slack)
}

/** A moment for the clock, and for what was on its way: over loopback far more than it takes. */
const momentMs = 50

async function expectAskedNoMore(): Promise<void> {
  const { page, farm } = stage
  const { state, since } = (await statusOf(page)).servers.find(({ url }) => url === `${farm.primary.url}/`)!
  expect(outStates).toContain(state)
  const sent = await apiSentTo(page, farm.primary)
  expect(sent.length).toBeGreaterThanOrEqual(strikeAt)
  expect(sent.filter(({ at }) => at > since! + momentMs)).toEqual([])
}

describe('reads at a steady rate all succeed while the primary', () => {
  test.each(rows)('%s', async name => {
    const { all, struckAt } = await readThrough(() => stage.farm.primary.fault(...faults[name]!))
    expectUnnoticed(name, all, struckAt)
    await expectAskedNoMore()
  })

  test.each(full ? [0.1, 0.3] : [0.3])('answers 500 to a share of %d', async share => {
    const { all, struckAt } = await readThrough(() => stage.farm.primary.fault('errors', { share }))
    expectUnnoticed(`errors ${share}`, all, struckAt)
  })

  test('and a mirror are dead in different ways', async () => {
    const [primary, mirror] = stage.farm.servers
    const { all, struckAt } = await readThrough(() => Promise.all([primary!.fault('hang'), mirror!.fault('kill')]))
    expectUnnoticed('primary hangs, mirror killed', all, struckAt)
  })

  test('and a mirror hang', async () => {
    const [primary, , mirror] = stage.farm.servers
    const { all, struckAt } = await readThrough(() =>
      Promise.all([primary!.fault('hang'), mirror!.fault('black-hole')]),
    )
    expectUnnoticed('primary hangs, mirror full backlog', all, struckAt)
  })
})
