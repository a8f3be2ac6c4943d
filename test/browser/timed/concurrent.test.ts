import { afterEach, beforeEach, expect, test } from 'vitest'
import { apiSentTo } from '../../support/counting-worker.ts'
import { faults, slowestMs } from '../../support/faults.ts'
import { figure, slack } from '../../support/full.ts'
import { hold, release } from '../../support/hold.ts'
import { failed, readings, startLoad } from '../../support/load.ts'
import { openStage, type Stage } from '../../support/stage.ts'

/** Connections that an engine has to one HTTP/1.1 server. */
const connections = 6

let stage: Stage
beforeEach(async () => {
  stage = await openStage({ counting: true })
})
afterEach(async () => {
  await stage.close()
})

/** Starts 64 reads and waits until all have left and the primary holds as many as can reach it: none is answered yet. */
async function sixtyFourInFlight(): Promise<void> {
  const { page, farm } = stage
  const before = (await apiSentTo(page, farm.primary)).length
  farm.primary.clear()
  await hold(farm.primary)
  await startLoad(page, { count: 64, everyMs: 0.01, serverMs: 10 })
  const sent = async () => (await apiSentTo(page, farm.primary)).length - before
  await expect.poll(sent, { interval: 5, timeout: 10_000 }).toBe(64)
  await expect
    .poll(() => farm.primary.log().length, { interval: 5, timeout: 10_000 })
    .toBeGreaterThanOrEqual(connections)
  expect(await page.evaluate(() => window.load.readings)).toEqual([])
}

test.each(['hangs', '503', 'stalls'])(
  '64 concurrent reads all succeed when the primary %s at that moment',
  async name => {
    const { page, farm } = stage
    // One after the other: a cold browser under load is slow, and then slowness is no sign of a fault.
    await startLoad(page, { count: 60, everyMs: 0 })
    await readings(page)
    await sixtyFourInFlight()
    const struckAt = Date.now()
    await farm.primary.fault(...faults[name]!)
    await release(farm.primary)
    const all = await readings(page)
    const slowest = Math.max(...all.map(reading => reading.ms))
    figure(`64 concurrent, ${name}`, {
      failed: failed(all).length,
      slowest,
      'in flight for': struckAt - Math.min(...all.map(reading => reading.at)),
      moved: all.filter(one => one.server !== 0).length,
    })
    expect(all).toHaveLength(64)
    expect(failed(all)).toEqual([])
    expect(slowest).toBeLessThanOrEqual(slowestMs(name) * slack)
    // What had reached the primary before it answered 503 it still answers.
    expect(all.filter(one => one.server === 0).length).toBeLessThanOrEqual(name === '503' ? connections : 0)
  },
)
