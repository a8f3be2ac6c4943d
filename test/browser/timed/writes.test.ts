import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Tab } from '../../support/browser.ts'
import { figure, full, slack } from '../../support/full.ts'
import { openStage, type Stage, statusOf } from '../../support/stage.ts'

const count = full ? 300 : 100

let stage: Stage
beforeEach(async () => {
  // Chromium itself sends a POST again when a kept connection is reset; the ledger must count what is ours.
  stage = await openStage({ close: true, list: full ? {} : { defaults: { silenceMs: 3_000 } } })
})
afterEach(async () => {
  await stage.close()
})

interface Posted {
  id: string
  at: number
  ms: number
  status?: number
  server?: number
}

declare global {
  interface Window {
    posts: { all: Posted[]; started: number; done: boolean }
  }
}

async function startPosts(page: Tab, everyMs: number): Promise<void> {
  await page.evaluate(
    (count, everyMs) => {
      window.posts = { all: [], started: 0, done: false }
      const post = async (id: string) => {
        const posted: Posted = { id, at: Date.now(), ms: 0 }
        const start = performance.now()
        try {
          const response = await fetch('/api/write', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify({ id }),
          })
          posted.status = response.status
          posted.server = ((await response.json()) as { server?: number }).server
        } catch {}
        posted.ms = performance.now() - start
        window.posts.all.push(posted)
      }
      void (async () => {
        const begun = performance.now()
        const running: Promise<void>[] = []
        for (let n = 0; n < count; n++) {
          window.posts.started = n + 1
          const posted = post(`w${n}`)
          running.push(posted)
          if (everyMs === 0) await posted
          else while (performance.now() < begun + (n + 1) * everyMs) await new Promise(go => setTimeout(go, 1))
        }
        await Promise.all(running)
        window.posts.done = true
      })()
    },
    count,
    everyMs,
  )
}

async function postThrough(fault: 'hang' | 'mute' | 'apply-silent', everyMs: number) {
  const { page, farm } = stage
  await startPosts(page, everyMs)
  await page.waitForFunction(from => window.posts.started >= from, { polling: 5 }, Math.floor(count / 4))
  const struckAt = Date.now()
  await farm.primary.fault(fault)
  await page.waitForFunction(() => window.posts.done, { polling: 50, timeout: 120_000 })
  const posts = await page.evaluate(() => window.posts.all)
  await farm.settled()
  const applied = new Map<string, number>()
  for (const { id } of farm.ledger()) applied.set(id, (applied.get(id) ?? 0) + 1)
  const lost = posts.filter(post => post.status !== 201)
  // The worker tells its pages of all that failed together a moment later.
  await expect
    .poll(async () => (await statusOf(page)).failures.length)
    .toBeGreaterThanOrEqual(Math.min(20, lost.length))
  const { failures } = await statusOf(page)
  const twice = [...applied.values()].filter(times => times > 1).length
  figure(`POSTs ${everyMs ? 'at 50/s' : 'in turn'}, ${fault}`, {
    posts: posts.length,
    'applied twice': twice,
    failed: lost.length,
    'latest failed after fault': Math.max(0, ...lost.map(post => post.at - struckAt)),
    longest: Math.max(...posts.map(post => post.ms)),
  })
  return { posts, lost, applied, struckAt, failures, twice }
}

describe.each([['hang'], ['apply-silent']] as const)('while the primary does this: %s', fault => {
  test('POSTs at 50/s are applied at most once, and only those sent before the verdict can fail', async () => {
    const { posts, lost, applied, struckAt, failures, twice } = await postThrough(fault, 20)
    expect(posts).toHaveLength(count)
    expect(twice).toBe(0)
    for (const post of lost) expect(post.at - struckAt).toBeLessThanOrEqual(900 * slack)
    for (const post of posts) {
      expect(post.ms).toBeLessThanOrEqual(15_000)
      if (post.status === 201) expect(applied.get(post.id)).toBe(1)
    }
    expect(failures.length).toBe(Math.min(20, lost.length))
    for (const failure of failures) expect(['no', 'unknown']).toContain(failure.sent)
    // Told truly: what certainly was not sent was not applied.
    if (failures.every(failure => failure.sent === 'no'))
      for (const post of lost) expect(applied.has(post.id)).toBe(false)
  })

  test('one POST after the other: at most the one in flight and one more fail', async () => {
    const { lost, twice, posts } = await postThrough(fault, 0)
    expect(twice).toBe(0)
    expect(lost.length).toBeLessThanOrEqual(2)
    for (const post of posts) expect(post.ms).toBeLessThanOrEqual(15_000)
  })
})
