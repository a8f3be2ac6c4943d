import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { figure, full, slack } from '../../support/full.ts'
import { carriedOut, expectTold, posted, postsStarted, startPosts, wake } from '../../support/posts.ts'
import { openStage, type Stage } from '../../support/stage.ts'

const count = full ? 300 : 100
/** The short runs give up sooner. */
const list = full ? {} : { defaults: { silenceMs: 3_000, writeWaitMs: 2_000 } }

let stage: Stage
beforeEach(async () => {
  // Chromium itself sends a POST again when a kept connection is reset; the ledger must count what is ours.
  stage = await openStage({ close: true, list })
})
afterEach(async () => {
  await stage.close()
})

async function postThrough(fault: 'hang' | 'apply-silent', everyMs: number) {
  const { page, farm } = stage
  await startPosts(page, { count, everyMs })
  await postsStarted(page, Math.floor(count / 4))
  const struckAt = Date.now()
  await farm.primary.fault(fault)
  const { posts, lost, failures } = await posted(page)
  if (fault === 'hang') await wake(farm.primary)
  const times = await carriedOut(farm)
  figure(`POSTs ${everyMs ? 'at 50/s' : 'in turn'}, ${fault}`, {
    posts: posts.length,
    'carried out twice': [...times.values()].filter(often => often > 1).length,
    failed: lost.length,
    'of them carried out': lost.filter(({ id }) => times.has(id)).length,
    'said not to be sent': failures.filter(({ sent }) => sent === 'no').length,
    'latest failed after fault': Math.max(0, ...lost.map(post => post.at - struckAt)),
    longest: Math.max(...posts.map(post => post.ms)),
  })
  expect(posts).toHaveLength(count)
  expectTold(posts, failures, times)
  for (const post of posts) expect(post.ms).toBeLessThanOrEqual(15_000)
  return { lost, times, struckAt }
}

describe.each([['hang'], ['apply-silent']] as const)('while the primary does this: %s', fault => {
  test('POSTs at 50/s are applied at most once, and only those sent before the verdict can fail', async () => {
    const { lost, times, struckAt } = await postThrough(fault, 20)
    for (const post of lost) expect(post.at - struckAt).toBeLessThanOrEqual(900 * slack)
    // Else nothing of all this was put to the test.
    expect(lost.some(({ id }) => times.has(id))).toBe(true)
  })

  test('one POST after the other: at most the one in flight and one more fail', async () => {
    const { lost } = await postThrough(fault, 0)
    expect(lost.length).toBeLessThanOrEqual(2)
  })
})

test('a POST said not to be sent is carried out by nobody when all servers have hung and wake again', async () => {
  const { page, farm } = stage
  await startPosts(page, { count: 10, everyMs: full ? 1_000 : 400 })
  await postsStarted(page, 2)
  await Promise.all(farm.servers.map(server => server.fault('hang')))
  const { posts, failures } = await posted(page)
  await Promise.all(farm.servers.map(wake))
  const times = await carriedOut(farm)
  figure('POSTs, all servers hang', {
    posts: posts.length,
    'said not to be sent': failures.filter(({ sent }) => sent === 'no').length,
    'carried out': times.size,
  })
  expect(failures.some(({ sent }) => sent === 'no')).toBe(true)
  expectTold(posts, failures, times)
})
