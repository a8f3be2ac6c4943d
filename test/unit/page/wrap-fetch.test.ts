import { beforeEach, expect, test, vi } from 'vitest'
import type { Lane, Way } from '../../../src/page/lane.ts'
import { wrapFetch } from '../../../src/page/wrap-fetch.ts'

const native = vi.fn<typeof fetch>()
let way: Way
let revived = false
const gaveUp = vi.fn()
const lane: Lane = {
  base: () => 'https://a.example/',
  way: () => way,
  cover: () => undefined,
  arrived: Promise.resolve(undefined),
  streams: { begin: () => () => {}, arrived() {}, tick: () => false },
  gaveUp,
  ask: async () => false,
  status: () => ({ state: 'ok', servers: [], problems: [], failures: [] }),
  failure() {},
  late: () => Promise.reject(),
  life: () => 'one',
  revived: async () => revived,
}
const wrapped = wrapFetch(native, lane)
const sent = (n = 0) => native.mock.calls[n]!

beforeEach(() => {
  native.mockReset().mockResolvedValue(new Response('ok'))
  gaveUp.mockReset()
  revived = false
})

test('what is not ours reaches the engine with the very arguments', async () => {
  way = 'plain'
  const init = { headers: { a: 'b' } }
  await wrapped('/x', init)
  expect(sent()).toEqual(['/x', init])
  expect(sent()[1]).toBe(init)
})

test('what a worker must not touch is marked', async () => {
  way = 'pass'
  await wrapped('/x')
  await wrapped(new Request('https://a.example/y'))
  const post = new Request('https://a.example/z', { method: 'POST', body: 'b' })
  await wrapped(post)
  expect(sent(0)[0]).toBe('https://a.example/x#outrigger:pass')
  expect((sent(1)[0] as Request).url).toBe('https://a.example/y#outrigger:pass')
  expect(sent(2)[0]).toBe(post)
})

test('a call with a signal carries an id, and its abort before headers is told', async () => {
  way = 'worker'
  const control = new AbortController()
  native.mockReturnValue(new Promise((_, reject) => control.signal.addEventListener('abort', () => reject('stop'))))
  const call = wrapped('/x', { signal: control.signal })
  const id = String(sent()[0]).split('#outrigger:')[1]
  control.abort()
  await expect(call).rejects.toBe('stop')
  expect(gaveUp).toHaveBeenCalledWith(id)
})

test('an abort after headers is the engine’s business', async () => {
  way = 'worker'
  const control = new AbortController()
  await wrapped('/x', { signal: control.signal })
  control.abort()
  expect(gaveUp).not.toHaveBeenCalled()
})

test('a read that failed with its worker is asked once more', async () => {
  way = 'worker'
  native.mockRejectedValueOnce(new TypeError('Failed to fetch'))
  await expect(wrapped('/x')).rejects.toThrow('Failed to fetch')
  revived = true
  native.mockRejectedValueOnce(new TypeError('Failed to fetch'))
  expect(await (await wrapped('/x')).text()).toBe('ok')
  native.mockRejectedValueOnce(new TypeError('Failed to fetch'))
  await expect(wrapped('/x', { method: 'POST' })).rejects.toThrow('Failed to fetch')
})

test('the cover leaves alone what it cannot repeat or judge', async () => {
  way = 'cover'
  await wrapped('/x', { mode: 'no-cors' })
  await wrapped('/x', { keepalive: true })
  await wrapped('https://a.example/x', { method: 'POST', body: new ReadableStream(), duplex: 'half' } as RequestInit)
  for (const [input] of native.mock.calls) expect(String(input)).not.toContain('#')
})
