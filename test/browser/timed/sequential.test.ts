import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { apiSentTo } from '../../support/counting-worker.ts'
import { faults, rows } from '../../support/faults.ts'
import { figure, full, slack } from '../../support/full.ts'
import { failed, median, readings, startLoad } from '../../support/load.ts'
import { openStage, type Stage } from '../../support/stage.ts'

let stage: Stage
beforeEach(async () => {
  stage = await openStage({ counting: true })
})
afterEach(async () => {
  await stage.close()
})

/** How long the first answers after a fault may take, how many of them, and how often the server may be asked. */
function first(name: string): { ms: number; times: number; asks: number } {
  if (name === 'stalls') return { ms: 1_500, times: 2, asks: 2 }
  if (/slow|green/.test(name)) return { ms: 2_600, times: 2, asks: 2 }
  if (name === 'hangs' || name === 'full backlog') return { ms: 900, times: 1, asks: 1 }
  return { ms: 30, times: 1, asks: 2 }
}

/** A stopped process, or one that is gone, cannot tell what it was asked. */
const tells = (name: string) => !/killed|^hangs$|backlog/.test(name)

async function inTurn(count: number) {
  await startLoad(stage.page, { count, everyMs: 0 })
  const all = await readings(stage.page)
  expect(failed(all)).toEqual([])
  return all.map(({ ms }) => ms)
}

describe('one read after the other, the first answer comes soon and the next at once when the primary', () => {
  test.each(rows)('%s', async name => {
    const { page, farm } = stage
    const { ms, times, asks } = first(name)
    const healthy = median(await inTurn(60))
    const before = (await apiSentTo(page, farm.primary)).length
    expect(before).toBeGreaterThanOrEqual(60)
    await farm.primary.fault(...faults[name]!)
    farm.primary.clear()
    const all = await inTurn(times + 50)
    const next = all.slice(times)
    const late = next.filter(ms => ms > 60).length
    const asked = (await apiSentTo(page, farm.primary)).slice(before).map(({ url }) => new URL(url).pathname)
    figure(`sequential, ${name}`, {
      healthy,
      first: all[0],
      second: all[1],
      'median of the next 50': median(next),
      'of them over 60 ms': late,
      asked: asked.length,
    })
    const allowedMs = full ? ms : ms * slack + 500
    for (const ms of all.slice(0, times)) expect(ms).toBeLessThanOrEqual(allowedMs)
    expect(late).toBeLessThanOrEqual(full ? 1 : 25)
    expect(median(next)).toBeLessThanOrEqual(full ? healthy + 5 : healthy * slack + 50)
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.length).toBeLessThanOrEqual(asks)
    if (!tells(name)) return
    await farm.settled()
    // Chromium itself asks again when a kept connection is reset: requests are compared, not arrivals.
    const arrived = farm.primary.log().filter(hit => hit.path.startsWith('/api/'))
    expect(new Set(arrived.map(hit => hit.path.split('?', 1)[0]))).toEqual(new Set(asked))
  })
})
