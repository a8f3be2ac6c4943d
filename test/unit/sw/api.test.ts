import { expect, test, vi } from 'vitest'
import type { Call, Outcome, ServerList } from '../../../src/core/types.ts'
import { createApi } from '../../../sw/api.ts'
import { createHeard } from '../../../sw/heard.ts'
import { createClock, event, request } from './fakes.ts'

const a = 'https://a.example'
const list = { servers: [] } as unknown as ServerList

function setUp({ outcome, known = list }: { outcome?: Outcome; known?: ServerList | 'none' } = {}) {
  const seen: Call[] = []
  const passed: string[] = []
  let inService = true
  let waking: Promise<void> | undefined
  let loaded = true
  let aborted = 0
  let comes = () => {}
  const wholeMemory = new Promise<void>(resolve => {
    comes = resolve
  })
  const lost: string[] = []
  const clock = createClock()
  const heard = createHeard(clock)
  heard.note('two')
  const api = createApi({
    clock,
    probe() {},
    failover: {
      look: (_, end) => end('dead'),
      list: () => (known === 'none' || !loaded ? undefined : known),
      inService: () => inService,
      lost: ({ url }) => lost.push(url),
      fetch(call, settle) {
        seen.push(call)
        Object.assign(call.handle as object, { base: `${a}/` })
        if (outcome) settle(outcome)
        return { abort: () => void aborted++ }
      },
    },
    heard,
    async fetch(input) {
      passed.push(input.url)
      return new Response('passed')
    },
    isApi: url => url.pathname.startsWith('/api/'),
    repeatable: url => ({ '/api/once': false, '/api/search': true })[url.pathname],
    waking: () => waking,
    loaded: wholeMemory,
    isLoaded: () => loaded,
  })
  const wants = (path: string, fields: Record<string, unknown> = {}, clientId = 'one') => {
    const one = request(a + path, fields)
    return api.wants(Object.assign(event(one), { clientId }), new URL(one.url))
  }
  const answer = (path: string, fields: Record<string, unknown> = {}, preload?: Promise<Response>) =>
    api.answer(event(request(a + path, fields), preload), new URL(a + path))
  return {
    clock,
    api,
    heard,
    seen,
    lost,
    passed,
    wants,
    answer,
    aborted: () => aborted,
    out: () => {
      inService = false
    },
    /** It is still being read what was remembered, for as long as `by` takes. */
    wake(by: Promise<void>) {
      loaded = false
      waking = by.then(() => {
        waking = undefined
        loaded = true
      })
    },
    wakeLong() {
      loaded = false
    },
    /** What was remembered is known at last, and what the core finds from then on. */
    remember(found: Outcome) {
      loaded = true
      outcome = found
      comes()
    },
  }
}

test('it answers any method below api, and nothing else', () => {
  const { wants } = setUp()
  for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
    expect(wants('/api/x', { method })).toBe(true)
  }
  expect(wants('/other')).toBe(false)
})

test.each([
  ['Chrome/156', true],
  ['Version/26 Safari', false],
])('what must outlive its page is answered where a worker can send it on (%s)', (userAgent, answered) => {
  vi.stubGlobal('navigator', { userAgent })
  expect(setUp().wants('/api/x', { method: 'POST', keepalive: true })).toBe(answered)
  vi.unstubAllGlobals()
})

test.each([
  ['marked to be passed', '/api/x#outrigger:pass', {}],
  ['only wanted from the cache', '/api/x', { cache: 'only-if-cached' }],
  ['an event stream', '/api/x', { headers: { accept: 'text/event-stream' } }],
  ['an EventSource', '/api/x', { headers: { accept: 'text/event-stream' }, cache: 'no-store' }],
  ['a part', '/api/x', { headers: { range: 'bytes=0-' } }],
  ['a film', '/api/x', { destination: 'video' }],
  ['a script', '/api/x', { destination: 'script' }],
  ['a worker', '/api/x', { destination: 'sharedworker' }],
  ['a worklet', '/api/x', { destination: 'audioworklet' }],
])('a request that is %s is left alone', (_, path, fields) => {
  expect(setUp().wants(path, fields)).toBe(false)
})

test('a request that takes events among other types is answered as any other', () => {
  expect(setUp().wants('/api/x', { headers: { accept: 'application/json, text/event-stream' } })).toBe(true)
})

test('an EventSource is answered once its server is out', () => {
  const { wants, out } = setUp()
  const asked = { headers: { accept: 'text/event-stream' }, cache: 'no-store' }
  expect(wants('/api/x', asked, 'two')).toBe(false)
  out()
  expect(wants('/api/x', asked)).toBe(true)
})

test('parts, films, and event streams read by fetch are answered to pages that keep the worker awake', () => {
  expect(setUp().wants('/api/x', { headers: { accept: 'text/event-stream' } }, 'two')).toBe(true)
  expect(setUp().wants('/api/x', { headers: { range: 'bytes=0-' } }, 'two')).toBe(true)
})

test('without a list nothing is answered, and what came while one was looked for passes through', async () => {
  const { wants, wake, answer, passed } = setUp({ known: 'none' })
  expect(wants('/api/x')).toBe(false)
  wake(Promise.resolve())
  expect(wants('/api/x')).toBe(true)
  expect(await (await answer('/api/x')).text()).toBe('passed')
  expect(passed).toEqual([`${a}/api/x`])
})

test('when it is read for too long the core takes the call, so that a list that comes late still helps', async () => {
  const handle = new Response('core')
  const outcome: Outcome = { answer: { status: 200, type: '', handle }, server: a, asked: true }
  const { wants, wakeLong, answer } = setUp({ known: 'none', outcome })
  wakeLong()
  expect(wants('/api/x')).toBe(true)
  expect(await answer('/api/x')).toBe(handle)
})

test('the asked server’s answer is passed on untouched', async () => {
  const handle = new Response('own')
  const outcome: Outcome = { answer: { status: 200, type: '', handle }, server: a, asked: true }
  expect(await setUp({ outcome }).answer('/api/x')).toBe(handle)
})

test('a failure is a network error, as without us', async () => {
  const error = { code: 'unreachable' as const, message: '', tries: [] }
  const response = await setUp({ outcome: { error } }).answer('/api/x')
  expect(response.type).toBe('error')
})

test('what the settings say of repeating goes with the call', async () => {
  const { answer, seen } = setUp()
  for (const path of ['/api/once', '/api/search', '/api/x']) void answer(path)
  await Promise.resolve()
  expect(seen.map(call => call.repeatable)).toEqual([false, true, undefined])
})

test('a write left by an earlier life of the worker is not sent again, unless it may be', async () => {
  const outcome: Outcome = { answer: { status: 201, type: '', handle: new Response('ok') }, server: 'a', asked: true }
  const { answer, heard, clock, seen, lost } = setUp({ outcome })
  const post = { method: 'POST', body: 'b' }
  const left = answer('/api/x#outrigger:k1!', post)
  await clock.pass(4_000)
  heard.note('k2!')
  expect((await answer('/api/x#outrigger:k2!', post)).type).not.toBe('error')
  const headers = { 'idempotency-key': 'k' }
  expect((await answer('/api/x#outrigger:k4!', { ...post, headers })).type).not.toBe('error')
  await clock.pass(2_000)
  expect((await left).type).toBe('error')
  expect(lost).toEqual([`${a}/api/x`])
  expect(seen).toHaveLength(2)
})

test('an abort by message ends the call', async () => {
  const { answer, heard, aborted } = setUp()
  const answering = answer('/api/x#outrigger:k7')
  await Promise.resolve()
  heard.abort('k7')
  expect((await answering).type).toBe('error')
  expect(aborted()).toBe(1)
})

test('a navigation that the browser asked ahead is not asked again, unless it failed', async () => {
  const outcome: Outcome = { answer: { status: 200, type: '', handle: new Response('core') }, server: 'a', asked: true }
  const { answer, seen } = setUp({ outcome })
  const navigates = { mode: 'navigate' }
  expect(await (await answer('/api/x', navigates, Promise.resolve(new Response('ahead')))).text()).toBe('ahead')
  expect(seen).toEqual([])
  expect(await (await answer('/api/x', navigates, Promise.reject(new TypeError()))).text()).toBe('core')
})

test('a failure that the browser gives as the answer it asked ahead is none (Firefox)', async () => {
  const outcome: Outcome = { answer: { status: 200, type: '', handle: new Response('core') }, server: 'b', asked: true }
  const { answer } = setUp({ outcome })
  const answered = await answer('/api/x', { mode: 'navigate' }, Promise.resolve(Response.error()))
  expect(await answered.text()).toBe('core')
})

test('a navigation that the browser asked ahead of a silent server goes to another', async () => {
  const outcome: Outcome = { answer: { status: 200, type: '', handle: new Response('core') }, server: 'b', asked: true }
  const { answer, clock } = setUp({ outcome })
  const answering = answer('/api/x', { mode: 'navigate' }, new Promise(() => {}))
  await clock.pass(600)
  expect(await (await answering).text()).toBe('core')
})

/** What a mirror answers: where it was redirected to, if it was. */
function mirrors(body: string, to?: string): Outcome {
  const response = new Response(body, { headers: { 'content-type': 'text/html' } })
  const handle = to ? Object.defineProperties(response, { url: { value: to }, redirected: { value: true } }) : response
  return { answer: { status: 200, type: 'text/html', handle }, server: 'https://b.example/', asked: false }
}

test('a mirror’s answer after redirects within it is held for the page that is redirected to it, once', async () => {
  const world = setUp({ outcome: mirrors('moved', 'https://b.example/api/there') })
  const redirect = await world.answer('/api/here')
  expect([redirect.status, redirect.headers.get('location')]).toEqual([302, `${a}/api/there`])
  expect(world.seen).toHaveLength(1)
  expect(await (await world.answer('/api/there#outrigger:id')).text()).toBe('moved')
  expect(world.seen).toHaveLength(1)
  await world.answer('/api/there')
  expect(world.seen).toHaveLength(2)
})

test('no write is answered by what is held for a read', async () => {
  const world = setUp({ outcome: mirrors('moved', 'https://b.example/api/there') })
  await world.answer('/api/here')
  await world.answer('/api/there', { method: 'PUT' })
  expect(world.seen.map(({ method }) => method)).toEqual(['GET', 'PUT'])
})

test('what a mirror leads a page’s fetch to is given to no script, no other page and no write', async () => {
  const world = setUp({ outcome: mirrors('evil()', 'https://b.example/app.js') })
  await world.answer('/api/here')
  expect(world.wants('/app.js', { destination: 'script' })).toBe(false)
  expect(world.wants('/app.js', {}, 'two')).toBe(false)
  expect(world.wants('/app.js', { method: 'POST' })).toBe(false)
  expect(world.wants('/app.js')).toBe(true)
})

test('a page that a mirror wrote is shown without its scripts, and the asked server’s own as it is', async () => {
  const policy = async (outcome: Outcome, fields: object, preload?: Promise<Response>) =>
    (await setUp({ outcome }).answer('/api/x', { ...fields }, preload)).headers.get('content-security-policy')
  const navigates = { mode: 'navigate' }
  expect(await policy(mirrors('page'), navigates)).toBe("script-src 'none'")
  expect(await policy(mirrors('page'), {})).toBe(null)
  expect(await policy({ ...mirrors('page'), asked: true } as Outcome, navigates)).toBe(null)
})

test('a read that fails before the list is known is asked again once it is; a write, or what is asked once, is not', async () => {
  const world = setUp({ outcome: { error: { code: 'unreachable' } } as Outcome })
  world.wakeLong()
  const read = world.answer('/api/x')
  const write = world.answer('/api/x', { method: 'POST' })
  const once = world.answer('/api/once')
  expect([(await write).type, (await once).type]).toEqual(['error', 'error'])
  world.remember({ answer: { status: 200, type: '', handle: new Response('found') }, server: 'b', asked: true })
  expect(await (await read).text()).toBe('found')
  expect(world.seen.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'GET'])
})

test('a POST that the app says only asks is not taken for one that an earlier life has sent', async () => {
  const outcome: Outcome = { answer: { status: 200, type: '', handle: new Response('hit') }, server: a, asked: true }
  const { answer } = setUp({ outcome })
  expect(await (await answer('/api/search#outrigger:k1!', { method: 'POST' })).text()).toBe('hit')
})

test('a stream of a page that marks its calls is answered before the page has spoken to this life', () => {
  expect(setUp().wants('/api/x#outrigger:k1', { headers: { accept: 'text/event-stream' } })).toBe(true)
})
