import { expect, test, vi } from 'vitest'
import { type Carrier, carry, type OwnTry } from '../../../src/page/carry.ts'

const request = (init?: RequestInit) => new Request('https://a.example/api/x', init)
const never = new Promise<never>(() => {})
const covering = (text: string): Carrier => ({ fetch: vi.fn(async () => new Response(text)) })
const answers =
  (status: number): OwnTry =>
  async () =>
    new Response('own', { status })
const fails: OwnTry = () => Promise.reject(new TypeError('Failed to fetch'))

test('with the cover there it carries the call', async () => {
  const own = vi.fn(answers(200))
  const cover = covering('cover')
  const response = await carry(request(), own, cover, Promise.resolve(cover))
  expect(await response.text()).toBe('cover')
  expect(own).not.toHaveBeenCalled()
})

test.each([200, 304, 404, 429])('before, the own answer %i is the answer', async status => {
  const own: OwnTry = async () => new Response(null, { status })
  expect((await carry(request(), own, undefined, never)).status).toBe(status)
})

test.each([
  ['a failure', fails],
  ['a 503', answers(503)],
])('%s waits for the cover, which takes over a begun call', async (_, own) => {
  const cover = covering('cover')
  const arrived = new Promise<Carrier>(resolve => setTimeout(() => resolve(cover), 20))
  expect(await (await carry(request(), own, undefined, arrived)).text()).toBe('cover')
  expect(cover.fetch).toHaveBeenCalledWith(expect.any(Request), expect.any(Function), true)
})

test('a call that hangs is taken over with its running try', async () => {
  const own = vi.fn(() => never)
  const cover: Carrier = {
    fetch: (_, adopt) => Promise.race([adopt(new AbortController().signal), covering('cover').fetch(request(), own)]),
  }
  const arrived = new Promise<Carrier>(resolve => setTimeout(() => resolve(cover), 20))
  expect(await (await carry(request(), own, undefined, arrived)).text()).toBe('cover')
  expect(own).toHaveBeenCalledTimes(1)
})

test('without a cover the own failure stands', async () => {
  await expect(carry(request(), fails, undefined, Promise.resolve(undefined))).rejects.toThrow('Failed to fetch')
  expect((await carry(request(), answers(503), undefined, Promise.resolve(undefined))).status).toBe(503)
})

test('an abort ends the own try and the waiting', async () => {
  const control = new AbortController()
  const own: OwnTry = signal =>
    new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
  const carried = carry(request({ signal: control.signal }), own, undefined, never)
  control.abort('enough')
  await expect(carried).rejects.toBe('enough')
})

/** Half of a declared body, which then breaks off or stands still. */
function half(how: 'breaks off' | 'stands still'): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new Uint8Array(5))
    },
    pull: controller =>
      how === 'breaks off' ? controller.error(new TypeError('network error')) : new Promise(() => {}),
  })
  return new Response(body, { headers: { 'content-length': '10' } })
}

test.each(['breaks off', 'stands still'] as const)('a small answer whose body %s is taken over', async how => {
  const cover = covering('cover')
  const arrived = new Promise<Carrier>(resolve => setTimeout(() => resolve(cover), 20))
  const own = vi.fn(async () => half(how))
  expect(await (await carry(request(), own, undefined, arrived)).text()).toBe('cover')
  expect(cover.fetch).toHaveBeenCalledWith(expect.any(Request), expect.any(Function), true)
  expect(own).toHaveBeenCalledTimes(1)
})

test('a stream, a large answer and that to a write are passed on as they come', async () => {
  const stream = half('stands still')
  const bare = new Response(stream.body)
  expect(await carry(request(), async () => bare, undefined, never)).toBe(bare)
  const large = half('stands still')
  large.headers.set('content-length', '300000')
  expect(await carry(request(), async () => large, undefined, never)).toBe(large)
  const written = half('stands still')
  expect(await carry(request({ method: 'POST' }), async () => written, undefined, never)).toBe(written)
})
