import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FailureRecord } from '../../../src/core/errors.ts'
import type { ServerStatus } from '../../../src/core/status.ts'
import type { ServerState } from '../../../src/core/types.ts'
import type { Lane } from '../../../src/page/lane.ts'
import type { XhrCall } from '../../../src/page/xhr-call.ts'
import type { NativeXhr } from '../../../src/page/xhr-native.ts'
import { sendUpload } from '../../../src/page/xhr-upload.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** An upload under way to a server that was heard from just now. */
async function setUp({ method = 'POST' } = {}) {
  const server: ServerStatus = { url: 'https://a.example/', state: 'in-service', heardAt: Date.now() }
  const failures: FailureRecord[] = []
  const asked: string[] = []
  const lane = {
    ask: async ({ outrigger }) => asked.push(outrigger) > 0,
    status: () => ({ state: 'ok', servers: [server], problems: [], failures: [] }),
    failure: record => void failures.push(record),
  } as Partial<Lane> as Lane
  const xhr = Object.assign(new EventTarget(), { upload: new EventTarget() }) as unknown as XMLHttpRequest
  const call = {
    xhr,
    method,
    url: 'https://a.example/api/upload',
    headers: [],
    body: 'x',
    control: new AbortController(),
    sentAt: Date.now(),
    ended() {},
  } as Partial<XhrCall> as XhrCall
  const startedAt = Date.now()
  const ended: number[] = []
  const native = { run() {}, get: () => 1 } as unknown as NativeXhr
  await sendUpload(call, native, lane, () => {
    ended.push(Date.now() - startedAt)
    // As the page is told.
    xhr.dispatchEvent(new Event('error'))
    call.ended()
  })
  const progress = () => xhr.upload.dispatchEvent(new Event('progress'))
  progress()
  return { xhr, call, server, failures, asked, ended, progress }
}

test.each<ServerState>(['in-service', 'suspect', 'dead'])(
  'an upload whose server falls silent is ended after 10 s, the server being %s by then',
  async state => {
    const { server, failures, ended } = await setUp()
    Object.assign(server, { state })
    await vi.advanceTimersByTimeAsync(9_000)
    expect(ended).toEqual([])
    await vi.advanceTimersByTimeAsync(3_000)
    expect(ended).toHaveLength(1)
    expect(failures).toMatchObject([{ code: 'unrepeatable', sent: 'unknown' }])
  },
)

test('one that may be repeated moves on as soon as its server is found dead', async () => {
  const { server, failures, ended } = await setUp({ method: 'PUT' })
  await vi.advanceTimersByTimeAsync(3_000)
  expect(ended).toEqual([])
  server.state = 'dead'
  await vi.advanceTimersByTimeAsync(1_500)
  expect(ended).toHaveLength(1)
  expect(failures).toEqual([])
})

test('but not from one that answers its probes badly: it may work on', async () => {
  const { server, ended } = await setUp({ method: 'PUT' })
  server.state = 'dead'
  for (let second = 0; second < 30; second++) {
    await vi.advanceTimersByTimeAsync(1_000)
    server.heardAt = Date.now()
  }
  expect(ended).toEqual([])
})

test('one that goes on is left alone, as is one whose server gives signs of life', async () => {
  const { server, ended, progress } = await setUp()
  for (let second = 0; second < 30; second++) {
    await vi.advanceTimersByTimeAsync(1_000)
    progress()
  }
  for (let second = 0; second < 30; second++) {
    await vi.advanceTimersByTimeAsync(1_000)
    server.heardAt = Date.now()
  }
  expect(ended).toEqual([])
})

test('one that the network cuts off is told of once, and not for the next call of its object', async () => {
  const { xhr, call, failures, asked } = await setUp()
  xhr.dispatchEvent(new Event('error'))
  // The worker has seen nothing of it.
  expect(asked.at(-1)).toBe('look')
  expect(failures).toMatchObject([
    { code: 'unrepeatable', sent: 'unknown', request: 'POST /api/upload', tries: [{ reason: 'network error' }] },
  ])
  call.control.abort()
  xhr.dispatchEvent(new Event('error'))
  expect(failures).toHaveLength(1)
})
