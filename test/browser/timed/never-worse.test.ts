import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { figure, full } from '../../support/full.ts'
import { readings, startLoad } from '../../support/load.ts'
import { openStage, type Stage, statusOf } from '../../support/stage.ts'

/** The times, or a fifth of them. */
const scale = full ? 1 : 0.2

vi.setConfig({ testTimeout: 300_000 })

let stage: Stage
beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  await stage.close()
})

/** One request from the page: which server answered, after how long, and how often it was sent to which server. */
async function ask(path: string, init: RequestInit = {}) {
  const { page, farm } = stage
  for (const server of farm.servers) server.clear()
  const answer = await page.evaluate(
    async (path, init) => {
      const start = performance.now()
      const response = await fetch(path, init)
      const { server } = (await response.json()) as { server: number }
      return { status: response.status, server, ms: performance.now() - start }
    },
    path,
    init,
  )
  await farm.settled()
  const wanted = path.split('?', 1)[0]
  const hits = farm.servers.map(server =>
    server.log().filter(hit => hit.path.startsWith(wanted!) && hit.method !== 'HEAD' && hit.method !== 'OPTIONS'),
  )
  return { ...answer, own: hits[0]!, others: hits.slice(1).flat() }
}

async function expectNobodyOut(): Promise<void> {
  const { servers } = await statusOf(stage.page)
  expect(servers.filter(server => ['dead', 'slow', 'erring'].includes(server.state))).toEqual([])
}

test('a 30 s read on a path seen before comes from the primary alone', async () => {
  const ms = 30_000 * scale
  await ask(`/api/slow?ms=${ms}`)
  const again = await ask(`/api/slow?ms=${ms}`)
  figure('30 s read seen before', { ms: again.ms, server: again.server, 'to others': again.others.length })
  expect(again).toMatchObject({ status: 200, server: 0 })
  expect(again.own).toHaveLength(1)
  expect(again.own[0]!.aborted).toBeFalsy()
  expect(again.others).toEqual([])
  await expectNobodyOut()
})

test('a 15 s report seen for the first time comes from the primary, and at most one more server is asked', async () => {
  const report = await ask(`/api/report?ms=${15_000 * scale}`)
  figure('15 s report seen first', { ms: report.ms, server: report.server, 'to others': report.others.length })
  expect(report).toMatchObject({ status: 200, server: 0 })
  expect(report.own[0]!.aborted).toBeFalsy()
  expect(report.others.length).toBeLessThanOrEqual(1)
  await expectNobodyOut()
})

test('a 45 s long poll comes from the primary', async () => {
  const poll = await ask(`/api/poll?ms=${45_000 * scale}`)
  figure('45 s long poll', { ms: poll.ms, server: poll.server, 'to others': poll.others.length })
  expect(poll).toMatchObject({ status: 200, server: 0 })
  expect(poll.own[0]!.aborted).toBeFalsy()
  expect(poll.others.length).toBeLessThanOrEqual(1)
  await expectNobodyOut()
})

test('a 2-minute upload comes through whole, once', async () => {
  const { page, farm } = stage
  const bytes = 8 * 1024 * 1024
  const ms = (full ? 120_000 : 6_000) / (bytes / 65_536)
  for (const server of farm.servers) server.clear()
  const answer = await page.evaluate(
    async (bytes, ms) => {
      const start = performance.now()
      const response = await fetch(`/api/upload?ms=${ms}`, { method: 'POST', body: new Blob([new Uint8Array(bytes)]) })
      const { bytes: got, server } = (await response.json()) as { bytes: number; server: number }
      return { got, server, ms: performance.now() - start }
    },
    bytes,
    ms,
  )
  await farm.settled()
  const uploads = farm.servers.flatMap(server =>
    server.log().filter(hit => hit.path.startsWith('/api/upload') && hit.method === 'POST'),
  )
  figure('2-minute upload', { ms: answer.ms, server: answer.server, sent: uploads.length })
  expect(answer).toMatchObject({ got: bytes, server: 0 })
  expect(uploads).toHaveLength(1)
  await expectNobodyOut()
})

test('64 concurrent reads of 300 ms over HTTP/1.1 all come from the primary, each asked once', async () => {
  const { page, farm } = stage
  for (const server of farm.servers) server.clear()
  await startLoad(page, { count: 64, everyMs: 0.01, serverMs: 300 })
  const all = await readings(page)
  await farm.settled()
  figure('64 concurrent reads of 300 ms', {
    slowest: Math.max(...all.map(one => one.ms)),
    moved: all.filter(one => one.server !== 0).length,
  })
  expect(all.every(reading => reading.right && reading.server === 0)).toBe(true)
  const reads = farm.servers.map(server => server.log().filter(hit => hit.path.startsWith('/api/echo')).length)
  expect(reads).toEqual([64, 0, 0, 0])
  await expectNobodyOut()
})

test('an endpoint that always answers 500 answers 500 of the primary, and nobody is blamed', async () => {
  for (let i = 0; i < 10; i++) {
    const answer = await ask('/api/always-500')
    expect(answer).toMatchObject({ status: 500, server: 0 })
    expect(answer.own).toHaveLength(1)
    expect(answer.others.length).toBeLessThanOrEqual(1)
  }
  await expectNobodyOut()
})

test('a mirror with an older copy of the data is not asked', async () => {
  for (const mirror of stage.farm.servers.slice(1)) await mirror.fault('stale')
  for (let i = 0; i < 20; i++) expect(await ask('/api/data')).toMatchObject({ status: 200, server: 0, others: [] })
})
