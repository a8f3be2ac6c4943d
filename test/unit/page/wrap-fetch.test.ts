import { beforeEach, expect, test, vi } from 'vitest'
import type { Lane, Way } from '../../../src/page/lane.ts'
import { wrapFetch } from '../../../src/page/wrap-fetch.ts'

const native = vi.fn<typeof fetch>()
let way: Way
let revived = false
const gaveUp = vi.fn()
const announced = vi.fn()
let ended: (() => void) | undefined
const lane: Lane = {
  base: () => 'https://a.example/',
  way: () => way,
  cover: () => undefined,
  arrived: Promise.resolve(undefined),
  streams: {
    begin(_, then) {
      ended = then
      return () => then?.()
    },
    arrived() {},
    tick: () => false,
  },
  sent: announced,
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
  announced.mockReset()
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

test('an abort is told until the body has ended', async () => {
  way = 'worker'
  for (const [over, times] of [
    [true, 0],
    [false, 1],
  ] as const) {
    const control = new AbortController()
    await wrapped('/x', { signal: control.signal })
    if (over) ended!()
    control.abort()
    expect(gaveUp).toHaveBeenCalledTimes(times)
  }
})

test('a write that is sent once is announced by the id that it carries', async () => {
  way = 'worker'
  await wrapped('/x', { method: 'POST', body: 'b' })
  await wrapped('/x', { method: 'PUT', body: 'b' })
  const id = String(sent()[0]).split('#outrigger:')[1]
  expect(id).toMatch(/!$/)
  expect(sent(1)[0]).toBe('/x')
  expect(announced.mock.calls).toEqual([[id]])
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

test('it has the name and the length of the engine’s own', () => {
  expect([wrapped.name, wrapped.length]).toEqual(['fetch', 1])
})

test.each<Way>(['worker', 'cover'])(
  'what is missing, or over before it began, is left to the engine (%s)',
  async on => {
    way = on
    const over = AbortSignal.abort()
    await wrapped('/api/x', { signal: over })
    await wrapped(...([] as unknown as Parameters<typeof fetch>))
    await wrapped(null as unknown as string)
    expect(native.mock.calls).toEqual([
      ['/api/x', { signal: over }],
      [undefined, undefined],
      [null, undefined],
    ])
  },
)
