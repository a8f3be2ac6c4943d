import { afterEach, beforeEach, expect, test } from 'vitest'
import { figure, full, slack } from '../../support/full.ts'
import { failed, readings, started, startLoad } from '../../support/load.ts'
import { carriedOut, expectTold, posted, startPosts, wake } from '../../support/posts.ts'
import { openStage, type Stage } from '../../support/stage.ts'

const reads = full ? 1_000 : 160
const everyMs = full ? 20 : 40
const strikeAt = Math.floor(reads / 4)

let stage: Stage
beforeEach(async () => {
  stage = await openStage({ list: full ? {} : { defaults: { silenceMs: 3_000 } } })
})
afterEach(async () => {
  await stage.close()
})

test('small and large reads, some of undeclared length, and writes among them live through a hang', async () => {
  const { page, farm } = stage
  await startLoad(page, { count: reads, everyMs, mixed: true })
  await startPosts(page, { count: Math.floor(reads / 4), everyMs: everyMs * 4 })
  await started(page, strikeAt)
  const struckAt = Date.now()
  await farm.primary.fault('hang')
  const all = await readings(page)
  const { posts, lost, failures } = await posted(page)
  await wake(farm.primary)
  const times = await carriedOut(farm)
  const slowest = Math.max(...all.map(reading => reading.ms))
  figure('mixed load, hang', {
    reads: all.length,
    failed: failed(all).length,
    slowest,
    posts: posts.length,
    'posts failed': lost.length,
    'posts carried out twice': [...times.values()].filter(often => often > 1).length,
  })
  expect(all).toHaveLength(reads)
  expect(failed(all)).toEqual([])
  expect(slowest).toBeLessThanOrEqual(1_200 * slack)
  expect(all.at(-1)!.server).not.toBe(0)
  expectTold(posts, failures, times)
  for (const post of lost) expect(post.at - struckAt).toBeLessThanOrEqual(900 * slack)
})
