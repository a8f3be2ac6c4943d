import axios from 'axios'
import ky from 'ky'
import createClient from 'openapi-fetch'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createFailover, type Failover, FailoverError, type FailoverOptions } from '../../src/fetch.ts'
import { createFarm, type Farm, type FaultName } from '../support/farm.ts'

let farm: Farm
const made: Failover[] = []

beforeAll(async () => {
  const headers = { 'content-type': 'application/json' }
  farm = await createFarm({ servers: 3, pages: { '/api/who': { body: '{"ok":true}', headers } } })
})
afterAll(() => farm.close())
afterEach(async () => {
  for (const failover of made.splice(0)) failover.stop()
  await farm.setList({})
  await Promise.all(farm.servers.filter(({ state }) => state.name !== 'ok').map(server => server.restore()))
  for (const server of farm.servers) server.clear()
})

function start(options: Partial<FailoverOptions> = {}): Failover {
  const failover = createFailover({ servers: farm.servers.map(({ url }) => url), probe: '/healthz', ...options })
  made.push(failover)
  return failover
}

const asked = (i: number, path = '/api/who') => farm.servers[i]!.log().filter(hit => hit.path === path).length

/** Everything that is waited for takes longer than a test may: what ends was not waited for, however busy the machine. */
const never = 600_000
const noWaits = {
  lookAfterMs: never,
  overtakeAfterMs: never,
  stallMs: never,
  verdictMs: never,
  silenceMs: never,
  writeWaitMs: never,
}

describe('while servers fail', { timeout: 30_000 }, () => {
  test.each<[FaultName, string, FailoverOptions['defaults']]>([
    ['kill', 'at once', noWaits],
    ['hang', 'after a look', { ...noWaits, lookAfterMs: 600 }],
    ['503', 'at once', noWaits],
    ['reset', 'at once', noWaits],
    ['stall', 'after a look at what stands still', { ...noWaits, stallMs: 1_000 }],
    ['reset-mid-body', 'at once', noWaits],
  ])('%s: a read is answered by another server, %s', async (fault, _when, defaults) => {
    const { fetch } = start({ defaults })
    await fetch('/api/who')
    await farm.primary.fault(fault)
    const response = await fetch('/api/who')
    expect(response.url).toBe(`${farm.primary.url}/api/who`)
    expect(response.clone().url).toBe(response.url)
    expect([response.status, await response.json()]).toEqual([200, { ok: true }])
  })

  test('all refuse: one FailoverError with every try, at once', async () => {
    const failover = start({ defaults: noWaits })
    await Promise.all(farm.servers.map(server => server.kill()))
    const error = await failover.fetch('/api/who?secret=1').catch(error => error)
    expect(error).toBeInstanceOf(FailoverError)
    expect(error).toBeInstanceOf(TypeError)
    expect(error.code).toBe('unreachable')
    expect(error.tries.length).toBeGreaterThan(0)
    expect(JSON.stringify(error.record)).not.toContain('secret')
    expect(failover.status.failures).toHaveLength(1)
  })

  test('a write is sent once', async () => {
    const { fetch } = start()
    await fetch('/api/who')
    await farm.primary.fault('reset', { apply: true })
    await expect(fetch('/api/board', { method: 'POST', body: '{"id":"w1"}' })).rejects.toMatchObject({
      sent: 'unknown',
    })
    expect(farm.servers.map(server => server.log().filter(({ method }) => method === 'POST').length)).toEqual([1, 0, 0])
  })
})

describe('which requests are covered', () => {
  test('those to a listed server, by path or URL; others pass by untouched', async () => {
    const plain: unknown[][] = []
    const { fetch: send } = start({
      fetch: ((...args: Parameters<typeof fetch>) => {
        plain.push(args)
        return fetch(...args)
      }) as typeof fetch,
      servers: [farm.servers[0]!.url],
    })
    const init = { headers: { 'x-a': '1' } }
    await send(`${farm.servers[1]!.url}/api/who`, init)
    expect(plain).toEqual([[`${farm.servers[1]!.url}/api/who`, init]])
    await send('/api/who')
    await send(new URL(`${farm.servers[0]!.url}/api/who`))
    await send(new Request(`${farm.servers[0]!.url}/api/who`))
    expect([asked(0), asked(1)]).toEqual([3, 1])
    expect(await (await send('data:text/plain,hello')).text()).toBe('hello')
  })

  test('those that `api` names, where it is given', async () => {
    const { fetch } = start({ api: '/api/' })
    await farm.primary.kill()
    await expect(fetch('/other')).rejects.toThrow('fetch failed')
    expect((await fetch('/api/who')).status).toBe(200)
  })

  test('a read named in `once` is not sent to a second server', async () => {
    const { fetch } = start({ once: '/api/who' })
    await fetch('/api/other')
    await farm.primary.fault('reset')
    await expect(fetch('/api/who')).rejects.toBeInstanceOf(FailoverError)
    expect([asked(1), asked(2)]).toEqual([0, 0])
  })

  test('a POST named in `reads` is, body and all', async () => {
    const clients = [start(), start({ reads: '/api/echo' })]
    for (const { fetch } of clients) await fetch('/api/who')
    await farm.primary.fault('reset')
    const [plain, reads] = clients.map(
      ({ fetch }) =>
        () =>
          fetch('/api/echo/x', { method: 'POST', body: 'find me' }),
    )
    await expect(plain!()).rejects.toBeInstanceOf(FailoverError)
    expect(await (await reads!()).json()).toMatchObject({ method: 'POST', body: 'find me' })
  })
})

describe('the list', () => {
  test('may be fetched: the first request waits for it', async () => {
    const failover = start({ servers: `${farm.primary.url}/servers.json` })
    expect((await failover.fetch('/api/who')).url).toBe(`${farm.primary.url}/api/who`)
    expect(failover.status.list).toMatchObject({ source: `${farm.primary.url}/servers.json`, servers: 3 })
    await farm.primary.kill()
    expect((await failover.fetch('/api/who')).status).toBe(200)
    await failover.update()
    expect(failover.status.problems.map(({ message }) => message).join()).toContain('could not be reached')
    expect((await failover.fetch('/api/who')).status).toBe(200)
  })

  test('that cannot be read is told of, and absolute URLs work on', async () => {
    await farm.setList('{"servers": [}')
    const failover = start({ servers: `${farm.primary.url}/servers.json` })
    expect((await failover.fetch(`${farm.primary.url}/api/who`)).status).toBe(200)
    expect(failover.status.problems).toMatchObject([
      { code: 'list', message: expect.stringContaining('servers.json: must be JSON') },
    ])
  })
})

test('wrong options are refused at once, as a TypeError with their name', () => {
  expect(() => start({ polic: 'primary' } as object)).toThrow('there is no option "polic"')
  expect(() => createFailover({} as FailoverOptions)).toThrow('option "servers" must be the URL of a server list')
  expect(() => start({ servers: ['/a'] })).toThrow('option "servers" must be an absolute URL')
  expect(() => start({ shell: 'auto' } as object)).toThrow(TypeError)
})

test('servers that cannot be used are told of, and calls go out as they are', async () => {
  const failover = start({ servers: [{ url: farm.primary.url, weight: -1 }] })
  expect((await failover.fetch(`${farm.primary.url}/api/who`)).status).toBe(200)
  expect(failover.status.problems).toEqual([
    {
      code: 'list',
      message: expect.stringContaining('servers[0].weight: must be from 0.000001 to 1000000; it is -1'),
    },
  ])
})

test('status tells of changes', async () => {
  const failover = start()
  const states: string[] = []
  const stop = failover.subscribe(status => states.push(status.state))
  expect(failover.status).toMatchObject({ state: 'unknown', worker: 'none' })
  await failover.update()
  expect(failover.status).toMatchObject({ state: 'unknown', worker: 'none', servers: [{}, {}, {}] })
  await failover.fetch('/api/who')
  expect(failover.status.state).toBe('ok')
  await farm.primary.kill()
  await failover.fetch('/api/who')
  await expect.poll(() => states.at(-1)).toBe('degraded')
  stop()
})

describe("the caller's signal", () => {
  test('ends a request with its own reason', async () => {
    await farm.primary.fault('api-hang')
    const caller = new AbortController()
    const sent = start({ overtake: false }).fetch('/api/who', { signal: caller.signal })
    await expect.poll(() => asked(0)).toBe(1)
    caller.abort('enough')
    await expect(sent).rejects.toBe('enough')
    await expect(start().fetch('/api/who', { signal: caller.signal })).rejects.toBe('enough')
  })

  test('ends a body with its own reason', async () => {
    await farm.primary.fault('stall')
    const caller = new AbortController()
    const { fetch } = start({ servers: [farm.primary.url], defaults: { holdMs: 1, holdOtherMs: 1, holdBytes: 1 } })
    const response = await fetch('/api/who', { signal: caller.signal })
    const body = response.text()
    caller.abort(new Error('enough'))
    await expect(body).rejects.toThrow('enough')
  })
})

describe('handed to', () => {
  test('ky', async () => {
    const client = ky.create({ fetch: start().fetch, prefixUrl: farm.primary.url, retry: 0 })
    await farm.primary.kill()
    expect(await client.get('api/who').json()).toEqual({ ok: true })
    await expect(client.get('api/none').json()).rejects.toThrow('404')
  })

  test('axios', async () => {
    const { fetch } = start()
    const client = axios.create({ adapter: 'fetch', baseURL: farm.primary.url, env: { fetch } })
    expect((await client.post('/api/board', { id: 'x1' })).status).toBeLessThan(300)
    await farm.primary.kill()
    expect((await client.get('/api/who')).data).toEqual({ ok: true })
  })

  test('openapi-fetch', async () => {
    type Paths = { '/api/who': { get: { responses: { 200: { content: { 'application/json': { ok: boolean } } } } } } }
    const client = createClient<Paths>({ fetch: start().fetch, baseUrl: farm.primary.url })
    await farm.primary.kill()
    expect((await client.GET('/api/who')).data).toEqual({ ok: true })
  })
})
