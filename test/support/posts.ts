import { expect } from 'vitest'
import type { FailureRecord } from '../../src/core/errors.ts'
import type { Tab } from './engines/tab.ts'
import type { Farm, FarmServer } from './farm.ts'

/** One POST as the page saw it. */
export interface Posted {
  id: number
  /** Wall time of its start. */
  at: number
  ms: number
  status?: number
}

declare global {
  interface Window {
    posts: { all: Posted[]; failures: FailureRecord[]; started: number; done: boolean }
  }
}

/** Starts POSTs inside the page, each with its id in its path, so that a failure's record names it. `everyMs` 0: in turn. */
export async function startPosts(page: Tab, { count, everyMs }: { count: number; everyMs: number }): Promise<void> {
  await page.evaluate(
    (count, everyMs) => {
      const posts: Window['posts'] = { all: [], failures: [], started: 0, done: false }
      window.posts = posts
      window.addEventListener('outrigger:failure', event => {
        const failure = (event as CustomEvent<FailureRecord>).detail
        if (failure.request?.startsWith('POST')) posts.failures.push(failure)
      })
      const post = async (id: number) => {
        const posted: Posted = { id, at: Date.now(), ms: 0 }
        const start = performance.now()
        try {
          const body = JSON.stringify({ id })
          const headers = { 'content-type': 'application/json' }
          posted.status = (await fetch(`/api/write/${id}`, { method: 'POST', headers, body })).status
        } catch {}
        posted.ms = performance.now() - start
        posts.all.push(posted)
      }
      void (async () => {
        const begun = performance.now()
        const running: Promise<void>[] = []
        for (let id = 0; id < count; id++) {
          posts.started = id + 1
          const posted = post(id)
          running.push(posted)
          if (everyMs === 0) await posted
          else while (performance.now() < begun + (id + 1) * everyMs) await new Promise(go => setTimeout(go, 1))
        }
        await Promise.all(running)
        posts.done = true
      })()
    },
    count,
    everyMs,
  )
}

export async function postsStarted(page: Tab, count: number): Promise<void> {
  await page.waitForFunction(count => window.posts.started >= count, { polling: 5, timeout: 120_000 }, count)
}

/** Every POST, once all is over and the page was told of those that failed, or of 20 that did together. */
export async function posted(page: Tab): Promise<{ posts: Posted[]; lost: Posted[]; failures: FailureRecord[] }> {
  await page.waitForFunction(() => window.posts.done, { polling: 50, timeout: 180_000 })
  const read = () => page.evaluate(() => window.posts)
  const lost = ({ all }: Window['posts']) => all.filter(post => post.status !== 201)
  await expect
    .poll(async () => (await read()).failures.length, { timeout: 10_000 })
    .toBeGreaterThanOrEqual(Math.min(20, lost(await read()).length))
  const posts = await read()
  return { posts: posts.all, lost: lost(posts), failures: posts.failures }
}

/** Has a stopped server go on, and waits until it has done everything that reached it while it stood still. */
export async function wake(server: FarmServer): Promise<void> {
  await server.restore({ resume: true })
  // It takes its connections in the order in which they came.
  await fetch(`${server.url}/api/write?id=last`, { method: 'POST', headers: { connection: 'close' } })
  await expect.poll(() => server.log().every(hit => hit.endedAt !== undefined), { timeout: 10_000 }).toBe(true)
}

/** How often each POST was carried out, by its id. */
export async function carriedOut(farm: Farm): Promise<Map<number, number>> {
  await farm.settled()
  const times = new Map<number, number>()
  for (const { id } of farm.ledger()) if (id !== 'last') times.set(Number(id), (times.get(Number(id)) ?? 0) + 1)
  return times
}

/** No POST was carried out twice, one that was answered once, and one said not to be sent not at all. */
export function expectTold(
  posts: readonly Posted[],
  failures: readonly FailureRecord[],
  times: Map<number, number>,
): void {
  expect([...times].filter(([, often]) => often > 1)).toEqual([])
  expect(posts.filter(({ id, status }) => status === 201 && !times.has(id))).toEqual([])
  for (const { request, sent } of failures) {
    const id = Number(request!.split('/').pop())
    expect(posts.find(post => post.id === id)!.status).toBeUndefined()
    expect(['no', 'unknown']).toContain(sent)
    if (sent === 'no')
      expect(times.get(id), `times that ${request} was carried out, which was said not to be sent`).toBeUndefined()
  }
}
