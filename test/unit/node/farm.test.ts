import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createFarm, type Farm } from '../../support/farm.ts'

let farm: Farm

beforeAll(async () => {
  farm = await createFarm({
    servers: 2,
    files: 'examples',
    pages: { '/hello': { body: 'hi', headers: { 'X-Own': '1' } } },
  })
})
afterAll(() => farm?.close())
afterEach(async () => {
  await farm.primary.restore()
  farm.primary.clear()
})

/** How a request ended: its status, or in a word what went wrong. */
async function ask(path: string, init: RequestInit = {}, limitMs = 400): Promise<number | string> {
  try {
    const response = await fetch(farm.primary.url + path, { ...init, signal: AbortSignal.timeout(limitMs) })
    await response.arrayBuffer()
    return response.status
  } catch (error) {
    const { name, cause } = error as Error & { cause?: { code?: string } }
    return name === 'TimeoutError' ? 'silent' : (cause?.code ?? name)
  }
}

describe('a healthy server', () => {
  test('answers its endpoints', async () => {
    const response = await fetch(`${farm.primary.url}/api/echo/7?size=500`)
    const body = await response.text()
    expect(JSON.parse(body)).toMatchObject({ n: '7', server: 0, method: 'GET' })
    expect(body).toHaveLength(500)
    expect(await ask('/healthz')).toBe(200)
    expect(await ask('/api/always-500')).toBe(500)
    expect(await ask('/api/echo/1?status=404')).toBe(404)
    expect(await ask('/nothing-here')).toBe(404)
    expect(await (await fetch(`${farm.primary.url}/hello`)).text()).toBe('hi')
  })

  test('declares the length of its answers unless asked for chunks', async () => {
    expect((await fetch(`${farm.primary.url}/api/echo/1?size=99`)).headers.get('content-length')).toBe('99')
    expect((await fetch(`${farm.primary.url}/api/echo/1?chunked=1`)).headers.get('content-length')).toBeNull()
  })

  test('waits before its headers when asked to', async () => {
    const at = performance.now()
    await ask('/api/slow?ms=120')
    expect(performance.now() - at).toBeGreaterThanOrEqual(119)
  })

  test('allows exactly the origin that asks, for two hours', async () => {
    const headers = { origin: 'https://page.example', 'access-control-request-headers': 'x-a' }
    const preflight = await fetch(`${farm.primary.url}/api/echo/1`, { method: 'OPTIONS', headers })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://page.example')
    expect(preflight.headers.get('access-control-max-age')).toBe('7200')
    expect(preflight.headers.get('vary')).toBe('Origin')
    const answer = await fetch(`${farm.primary.url}/api/echo/1`, { headers })
    expect(answer.headers.get('access-control-expose-headers')).toBe('Retry-After, ETag, Link, Location')
  })

  test('lists all servers', async () => {
    const list = await (await fetch(`${farm.primary.url}/servers.json`)).json()
    expect(list).toMatchObject({ probe: '/healthz', servers: farm.servers.map(({ url }) => ({ url: `${url}/` })) })
    await farm.setList('not JSON')
    expect(await (await fetch(`${farm.servers[1]!.url}/servers.json`)).text()).toBe('not JSON')
    await farm.setList({})
  })

  test('writes down what it was asked and what it carried out', async () => {
    await fetch(`${farm.primary.url}/api/write`, {
      method: 'POST',
      body: JSON.stringify({ id: 'w1' }),
      headers: { 'x-request-id': 'r1' },
    })
    await farm.settled()
    expect(farm.ledger()).toEqual([{ id: 'w1', server: 0, at: expect.any(Number) }])
    expect(farm.primary.log()).toMatchObject([
      { method: 'POST', path: '/api/write', id: 'r1', status: 201, aborted: false },
    ])
  })

  test('shares its board with the others', async () => {
    await fetch(`${farm.primary.url}/api/board`, { method: 'POST', body: '{"text":"hello"}' })
    const { board } = await (await fetch(`${farm.servers[1]!.url}/api/board`)).json()
    expect(board).toEqual([{ text: 'hello' }])
  })

  test('counts the bytes of an upload and serves files only where there are some', async () => {
    const response = await fetch(`${farm.primary.url}/api/upload`, { method: 'POST', body: Buffer.alloc(100_000) })
    expect(await response.json()).toEqual({ bytes: 100_000, server: 0 })
    expect((await fetch(`${farm.servers[1]!.url}/README.md`)).status).toBe(404)
  })
})

describe('a server at fault', () => {
  test('refuses connections when killed, and comes back on its port', async () => {
    const { pid } = farm.primary
    await farm.primary.fault('kill')
    expect(await ask('/healthz')).toBe('ECONNREFUSED')
    await farm.primary.restore()
    expect(farm.primary.pid).not.toBe(pid)
    expect(await ask('/healthz')).toBe(200)
  })

  test('accepts connections and stays silent when hung, also on kept ones', async () => {
    await ask('/healthz')
    await farm.primary.fault('hang')
    expect(await connects()).toBe(true)
    expect(await ask('/healthz')).toBe('silent')
    await farm.primary.restore()
    expect(await ask('/healthz')).toBe(200)
  })

  test('does what reached it while it hung, if it goes on', async () => {
    await farm.primary.fault('hang')
    const late = ask('/api/write', { method: 'POST', body: '{"id":"late"}' }, 5_000)
    expect(await ask('/healthz')).toBe('silent')
    await farm.primary.restore({ resume: true })
    expect(await late).toBe(201)
    await farm.settled()
    expect(farm.ledger().map(({ id }) => id)).toContain('late')
  })

  test('does not even answer a connection as a black hole', async () => {
    await farm.primary.fault('black-hole')
    expect(await connects()).toBe(false)
    expect(await ask('/healthz')).toBe('silent')
    await farm.primary.restore()
    expect(await ask('/healthz')).toBe(200)
  })

  test.each([
    ['mute', 'silent', 'silent'],
    ['503', 503, 503],
    ['slow', 200, 'silent'],
    ['stall', 'silent', 'silent'],
    ['reset', 'ECONNRESET', 'ECONNRESET'],
    ['reset-mid-body', 'ECONNRESET', 'ECONNRESET'],
    ['corrupt', 'Z_DATA_ERROR', 'Z_DATA_ERROR'],
    ['html', 200, 200],
    ['api-hang', 200, 'silent'],
  ] as const)('with %s answers its health page by %s and its API by %s', async (name, health, api) => {
    await farm.primary.fault(name)
    expect([await ask('/healthz'), await ask('/api/echo/1')]).toEqual([health, api])
    await farm.settled()
    expect(farm.primary.log()).toHaveLength(2)
  })

  test('says when to come back with 503-retry-after', async () => {
    await farm.primary.fault('503-retry-after', { seconds: 7 })
    expect((await fetch(`${farm.primary.url}/api/echo/1`)).headers.get('retry-after')).toBe('7')
  })

  test('sends headers and half of the body before it stalls', async () => {
    await farm.primary.fault('stall')
    const response = await fetch(`${farm.primary.url}/api/echo/1?size=1000`)
    const reader = response.body!.getReader()
    expect(response.headers.get('content-length')).toBe('1000')
    expect((await reader.read()).value).toHaveLength(500)
    await reader.cancel()
  })

  test('errs in the given share of its answers, the same ones each time', async () => {
    const run = async () => {
      await farm.primary.fault('errors', { share: 0.3, seed: 4 })
      const answers: unknown[] = []
      for (let i = 0; i < 60; i++) answers.push(await ask(`/api/echo/${i}`))
      return answers
    }
    const first = await run()
    const errors = first.filter(status => status === 500).length
    expect(errors).toBeGreaterThan(8)
    expect(errors).toBeLessThan(30)
    expect(await run()).toEqual(first)
    expect(await ask('/healthz')).toBe(200)
  })

  test('applies writes in silence with apply-silent', async () => {
    await farm.primary.fault('apply-silent')
    expect(await ask('/api/write', { method: 'POST', body: '{"id":"quiet"}' })).toBe('silent')
    await farm.settled()
    expect(farm.ledger().map(({ id }) => id)).toContain('quiet')
  })

  test('tells of a write before it dies of it', async () => {
    await farm.primary.fault('reset', { apply: true })
    expect(await ask('/api/write', { method: 'POST', body: '{"id":"lost"}' })).toBe('ECONNRESET')
    await farm.primary.kill()
    expect(farm.ledger().map(({ id }) => id)).toContain('lost')
  })

  test('has an older copy when stale', async () => {
    await farm.primary.fault('stale')
    expect(await (await fetch(`${farm.primary.url}/api/data`)).json()).toEqual({ version: 1, server: 0 })
  })

  test('keeps to the paths it is given', async () => {
    await farm.primary.fault('503', { only: '/api/echo' })
    expect([await ask('/healthz'), await ask('/api/data'), await ask('/api/echo/1')]).toEqual([200, 200, 503])
  })
})

test('a taken port is named', async () => {
  await expect(createFarm({ ports: [farm.primary.port] })).rejects.toMatchObject({
    code: 'EADDRINUSE',
    port: farm.primary.port,
  })
})

test('connections are closed after each answer if the farm is told to', async () => {
  const closing = await createFarm({ servers: 1, close: true })
  const { headers } = await fetch(`${closing.primary.url}/healthz`)
  expect(headers.get('connection')).toBe('close')
  await closing.close()
})

function connects(): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect({ host: '127.0.0.1', port: farm.primary.port })
    const end = (made: boolean) => {
      clearTimeout(timer)
      socket.destroy()
      resolve(made)
    }
    const timer = setTimeout(() => end(false), 300)
    socket.on('connect', () => end(true))
    socket.on('error', () => end(false))
  })
}
