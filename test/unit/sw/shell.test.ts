import { expect, test } from 'vitest'
import type { Verdict } from '../../../src/core/failover.ts'
import type { ServerState } from '../../../src/core/types.ts'
import { createNotes } from '../../../sw/notes.ts'
import { createShell, type ShellRule } from '../../../sw/shell.ts'
import { createShellStore } from '../../../sw/shell-store.ts'
import { createCaches, createClock, event, request } from './fakes.ts'

function setUp(rule: ShellRule = 'auto', origin = 'https://a.example') {
  const clock = createClock()
  const fake = createCaches(origin)
  const problems: string[] = []
  const asked: string[] = []
  const heard: number[] = []
  const world = {
    state: 'in-service' as ServerState,
    verdict: 'dead' as Verdict,
    /** What the network says; by default it refuses. */
    network: {} as Record<string, () => Response | Promise<Response>>,
  }
  const failover = {
    heard: (_: string, __: number, status: number) => void heard.push(status),
    look: (_: string, end: (verdict: Verdict) => void) => void clock.after(300, () => end(world.verdict)),
    inService: () => world.state === 'in-service',
    status: () => ({
      state: 'ok' as const,
      servers: [{ url: `${origin}/`, state: world.state }],
      problems: [],
      failures: [],
    }),
    problem(code: string, message: string | undefined) {
      if (message === undefined) problems.splice(0)
      else problems.push(`${code}: ${message}`)
    },
  }
  const shell = createShell(rule, {
    failover,
    clock,
    origin,
    scope: `${origin}/`,
    isApi: url => url.pathname.startsWith('/api/'),
    probe() {},
    waking: () => undefined,
    store: createShellStore('outrigger-shell', fake.caches, clock),
    notes: createNotes(failover),
    async fetch(input, init) {
      const url = typeof input === 'string' ? input : input.url
      asked.push(init?.cache === 'force-cache' ? `${url}, if the browser has not kept it` : url)
      const answer = world.network[url]
      if (!answer) throw new TypeError('Failed to fetch')
      const response = await answer()
      return Object.defineProperty(response, 'url', { value: url })
    },
  })
  async function load(path: string, fields: Record<string, unknown> = {}, preload?: Promise<Response | undefined>) {
    const loading = event(request(origin + path, fields), preload)
    const answering = shell.answer(loading)
    await clock.pass(10_000)
    const response = await answering
    await loading.done()
    return response.type === 'error' ? 'error' : `${response.status} ${await response.text()}`
  }
  const wants = (path: string, fields: Record<string, unknown> = {}) => {
    const one = request(origin + path, fields)
    return shell.wants(one, new URL(one.url))
  }
  return { clock, fake, problems, asked, heard, world, shell, load, wants, origin }
}

const page = { mode: 'navigate', headers: { accept: 'text/html' } }
const html =
  (body: string, headers: HeadersInit = {}) =>
  () =>
    new Response(body, { headers: { 'content-type': 'text/html', ...headers } })

/** Its page was loaded once; since then the server is known to be dead. */
async function visitedAndDead() {
  const parts = setUp()
  parts.world.network = { 'https://a.example/': html('home') }
  await parts.load('/', page)
  parts.world.state = 'dead'
  return parts
}

test('it answers what a page needs to start, and nothing else', () => {
  const { wants, shell } = setUp()
  expect(wants('/', page)).toBe(true)
  for (const destination of ['script', 'style', 'font', 'image', 'manifest', 'worker']) {
    expect(wants('/x', { destination })).toBe(true)
  }
  for (const destination of ['', 'audio', 'video', 'track', 'report', 'object']) {
    expect(wants('/x', { destination })).toBe(false)
  }
  expect(wants('/', { ...page, method: 'POST' })).toBe(false)
  expect(wants('/api/photo.png', { destination: 'image' })).toBe(false)
  expect(wants('/x.js#outrigger:pass', { destination: 'script' })).toBe(false)
  expect(wants('/x.png', { destination: 'image', headers: { range: 'bytes=0-' } })).toBe(false)
  const elsewhere = request('https://b.example/x.js', { destination: 'script' })
  expect(shell.wants(elsewhere, new URL(elsewhere.url))).toBe(false)
})

test('what was loaded answers when its server is gone', async () => {
  const { load, world, heard } = setUp()
  world.network = { 'https://a.example/': html('home') }
  expect(await load('/', page)).toBe('200 home')
  expect(heard).toEqual([200])
  world.network = {}
  expect(await load('/', page)).toBe('200 home')
  expect(await load('/?page=2', page)).toBe('200 home')
  expect(await load('/app.js', { destination: 'script' })).toBe('error')
})

test('a file may come out of the browser’s cache and is no sign of life', async () => {
  const { load, world, heard } = setUp()
  world.network = { 'https://a.example/app.js': () => new Response('code') }
  expect(await load('/app.js', { destination: 'script' })).toBe('200 code')
  expect(heard).toEqual([])
})

test('a living server is always asked first, so nothing is older than without us', async () => {
  const { load, world } = setUp()
  world.network = { 'https://a.example/': html('old') }
  await load('/', page)
  world.network = { 'https://a.example/': html('new') }
  expect(await load('/', page)).toBe('200 new')
})

test('a server known to be dead is not asked again', async () => {
  const { load, asked } = await visitedAndDead()
  asked.splice(0)
  expect(await load('/', page)).toBe('200 home')
  expect(asked).toEqual([])
})

test('… but what the browser asked already may tell that it is back', async () => {
  const { load, heard } = await visitedAndDead()
  heard.splice(0)
  expect(await load('/', page, Promise.resolve(new Response('back')))).toBe('200 home')
  expect(heard).toEqual([200])
})

test('… and a failure that comes as the answer asked ahead tells nothing (Firefox)', async () => {
  const { load, heard } = await visitedAndDead()
  heard.splice(0)
  expect(await load('/', page, Promise.resolve(Response.error()))).toBe('200 home')
  expect(heard).toEqual([])
})

test('a server that is only slow or errs in its API is still asked first', async () => {
  const { load, world } = setUp()
  world.network = { 'https://a.example/': html('old') }
  await load('/', page)
  world.network = { 'https://a.example/': html('new') }
  for (const state of ['slow', 'erring', 'backed-off', 'returning'] as const) {
    world.state = state
    expect(await load('/', page)).toBe('200 new')
  }
})

test('what the browser asked ahead is used, and nothing is asked twice', async () => {
  const { load, asked, world } = setUp()
  expect(await load('/', page, Promise.resolve(html('ahead')()))).toBe('200 ahead')
  expect(asked).toEqual([])
  world.network = {}
  expect(await load('/', page)).toBe('200 ahead')
})

test('a page of the app that was never loaded is answered by the nearest page above', async () => {
  const { load, world } = setUp()
  world.network = {
    'https://a.example/': html('home'),
    'https://a.example/board/': html('board'),
    'https://a.example/board/7': html('seven'),
  }
  for (const path of ['/', '/board/', '/board/7']) await load(path, page)
  world.network = {}
  expect(await load('/board/8', page)).toBe('200 board')
  expect(await load('/help', page)).toBe('200 home')
  expect(await load('/report.pdf', page)).toBe('error')
  world.network = { 'https://a.example/help': () => new Response('bug', { status: 500 }) }
  expect(await load('/help', page)).toBe('500 bug')
  world.network = { 'https://a.example/help': () => new Response('gateway', { status: 502 }) }
  expect(await load('/help', page)).toBe('200 home')
})

test('what is one person’s own is not kept, and the reason is told', async () => {
  const { load, world, problems, fake } = setUp()
  world.network = {
    'https://a.example/me': html('me', { 'cache-control': 'private' }),
    'https://a.example/none': () => new Response('no', { status: 404 }),
  }
  await load('/me?token=secret', page)
  await load('/me', page)
  await load('/none', page)
  expect(fake.urls()).toEqual([])
  expect(problems).toEqual([
    'shell: /me is not kept: its Cache-Control says private',
    'shell: /none is not kept: it answered 404',
  ])
})

test('what turns private is dropped, and its line goes when it is public again', async () => {
  const { load, world, problems, fake } = setUp()
  world.network = { 'https://a.example/': html('all') }
  await load('/', page)
  world.network = { 'https://a.example/': html('mine', { 'cache-control': 'no-store' }) }
  await load('/', page)
  expect(fake.urls()).toEqual([])
  expect(problems).toHaveLength(1)
  world.network = { 'https://a.example/': html('all') }
  await load('/', page)
  expect(problems).toEqual([])
})

test('an error does not drop the copy of better days', async () => {
  const { load, world } = setUp()
  world.network = { 'https://a.example/': html('home') }
  await load('/', page)
  world.network = { 'https://a.example/': () => new Response('broken', { status: 500 }) }
  expect(await load('/', page)).toBe('200 home')
})

test('a list is fetched at installation, and the author’s word counts', async () => {
  const { shell, world, load, fake, wants } = setUp(['/', '/app.js'])
  world.network = {
    'https://a.example/': html('home', { 'cache-control': 'private', vary: 'Cookie' }),
    'https://a.example/app.js': () => new Response('app', { headers: { 'content-type': 'text/javascript' } }),
    'https://a.example/other': html('other'),
  }
  await shell.install()
  expect(fake.urls()).toEqual(['https://a.example/', 'https://a.example/app.js'])
  expect(wants('/app.js', { destination: 'script' })).toBe(true)
  expect(wants('/logo.png', { destination: 'image' })).toBe(false)
  await shell.adopt(['https://a.example/other'], undefined)
  expect(fake.urls()).toHaveLength(2)
  world.network = {}
  expect(await load('/anywhere', page)).toBe('200 home')
})

test('a listed file that is not there is told of, and the worker is installed all the same', async () => {
  const { shell, world, problems } = setUp(['/', '/gone.js', '/missing.js'])
  world.network = {
    'https://a.example/': html('home'),
    'https://a.example/missing.js': () => new Response('', { status: 404 }),
  }
  await shell.install()
  expect(problems).toEqual([
    'shell: /gone.js could not be fetched (TypeError: Failed to fetch)',
    'shell: /missing.js is not kept: it answered 404',
  ])
})

test('what the first visit loaded before the worker was there is asked of the browser’s own store, data and API left out', async () => {
  const { shell, world, asked, fake, heard } = setUp()
  const answer = (type: string) => () => new Response('x', { headers: { 'content-type': type } })
  world.network = {
    'https://a.example/': answer('text/html; charset=utf-8'),
    'https://a.example/app.js': answer('text/javascript'),
    'https://a.example/data.json': answer('application/json'),
  }
  const urls = ['/app.js', '/app.js', '/data.json', '/api/x', 'https://b.example/x.js']
  await shell.adopt(urls, 'https://a.example/')
  const paths = ['/', '/app.js', '/data.json']
  expect(asked).toEqual(paths.map(path => `https://a.example${path}, if the browser has not kept it`))
  expect(fake.urls()).toEqual(['https://a.example/', 'https://a.example/app.js'])
  expect(heard).toEqual([])
  asked.splice(0)
  await shell.adopt(['/app.js'], 'https://a.example/')
  expect(asked).toEqual([])
})

test('on this computer it steps aside for a page of Vite’s development server', async () => {
  const { load, world, fake, wants, problems } = setUp('auto', 'http://localhost:5173')
  world.network = {
    'http://localhost:5173/old': html('plain'),
    'http://localhost:5173/': html('<script type="module" src="/@vite/client"></script>'),
  }
  await load('/old', page)
  expect(fake.urls()).toHaveLength(1)
  await load('/', page)
  expect(fake.urls()).toEqual([])
  expect(wants('/', page)).toBe(false)
  expect(problems).toHaveLength(1)
})

test('a request of Vite’s alone is enough', () => {
  const { wants } = setUp('auto', 'http://localhost:5173')
  expect(wants('/', page)).toBe(true)
  expect(wants('/@vite/client', { destination: 'script' })).toBe(false)
  expect(wants('/', page)).toBe(false)
})

test('a full disk is told of, and the page gets its answer', async () => {
  const { load, world, fake, problems } = setUp()
  fake.fill()
  world.network = { 'https://a.example/': html('home') }
  expect(await load('/', page)).toBe('200 home')
  expect(problems.join()).toContain('storage: Cache Storage cannot be used')
})
