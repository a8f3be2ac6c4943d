import { afterEach, beforeEach, expect, test } from 'vitest'
import { figure, full } from '../../support/full.ts'
import { failed, readings, started, startLoad } from '../../support/load.ts'
import { openStage, type Stage } from '../../support/stage.ts'

/** The product's own times, or a tenth of them by the list's `defaults`. */
const scale = full ? 1 : 0.1

let stage: Stage
beforeEach(async () => {
  const list = full ? {} : { defaults: { ejectMs: 3_000, returnGapMs: 1_000 } }
  stage = await openStage({ list })
})
afterEach(async () => {
  await stage.close()
})

test('a returned primary is used again, by two good probes and one read', async () => {
  const { page, farm } = stage
  await startLoad(page, { count: 100_000, everyMs: 50 })
  await started(page, 50)
  await farm.primary.kill()
  await page.waitForFunction(() => window.load.readings.at(-1)?.server !== 0, { polling: 20 })
  await farm.primary.restore()
  const restoredAt = Date.now()
  farm.primary.clear()
  await page.waitForFunction(() => window.load.readings.slice(-10).every(reading => reading.server === 0), {
    polling: 50,
    timeout: 200_000,
  })
  const backMs = Date.now() - restoredAt
  const all = await page.evaluate(() => window.load.readings)
  await farm.settled()
  const log = farm.primary.log()
  const first = log.findIndex(hit => hit.path.startsWith('/api/'))
  const probes = log.slice(0, first).filter(hit => hit.path === '/healthz').length
  figure('way back', { ms: backMs, 'probes before the first read': probes, failed: failed(all).length })
  expect(failed(all)).toEqual([])
  expect(probes).toBeGreaterThanOrEqual(2)
  expect(backMs).toBeLessThanOrEqual(200_000 * scale)
}, 300_000)

test('while the primary flaps, no read fails', async () => {
  const { page, farm } = stage
  const phaseMs = 20_000 * scale
  const phases = full ? 12 : 6
  await startLoad(page, { count: Math.ceil(((phases + 1) * phaseMs) / 50), everyMs: 50 })
  await started(page, 20)
  for (let phase = 0; phase < phases; phase++) {
    const until = Date.now() + phaseMs
    if (phase % 2 === 0) await farm.primary.fault(phase % 4 === 0 ? 'kill' : 'hang')
    else await farm.primary.restore()
    await page.waitForFunction(until => Date.now() >= until, { polling: 50, timeout: 60_000 }, until)
  }
  const all = await readings(page)
  figure('flapping', {
    reads: all.length,
    failed: failed(all).length,
    'over 200 ms': all.filter(one => one.ms > 200).length,
  })
  expect(failed(all)).toEqual([])
}, 600_000)
