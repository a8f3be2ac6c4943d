import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  type CallExtra,
  createTransport,
  parseRetryAfter,
  toCall,
  toResponse,
} from '../../../src/adapters/cors-fetch.ts'
import type { Hold, ProbeEnd } from '../../../src/core/ports.ts'
import type { Answer, Server } from '../../../src/core/types.ts'

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

interface Seen {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: string
}

/** A server that notes what it is asked and answers by `reply`. */
async function serve(reply: (request: IncomingMessage, response: ServerResponse) => void = (_, r) => void r.end('ok')) {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      seen.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
      reply(request, response)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, server }
}

const entry = (url: string, more: Partial<Server> = {}): Server => ({
  url: `${url}/`,
  weight: 1,
  tier: 0,
  transport: 'auto',
  credentials: 'omit',
  writes: true,
  ...more,
})

/** Sends one try and notes what is reported of it, until it `failed`, was `held`, `broken`, or passes unheld. */
function send(request: Request, server?: Server, hold?: Hold, extra: CallExtra = {}) {
  const events: string[] = []
  let answer: Answer | undefined
  const call = toCall(request, extra)
  const state = { call, events, abort: () => {}, answer: () => answer!, ended: Promise.resolve() }
  state.ended = new Promise<void>(resolve => {
    const note = (event: string) => {
      events.push(event)
      resolve()
    }
    const url = server ? new URL(new URL(request.url).pathname, server.url).href : call.url
    const sending = createTransport().send(
      { call, url, ...(server && { server }) },
      {
        headers(found) {
          answer = found
          if (!hold) note(`headers ${found.status}`)
          return hold
        },
        progress: () => {},
        held: () => note('held'),
        broken: reason => note(`broken: ${reason}`),
        failed: reason => note(`failed: ${reason}`),
      },
    )
    state.abort = () => sending.abort()
  })
  return state
}

const response = (answer: Answer) => answer.handle as Response

describe('the asked server', () => {
  test('gets the body also when another server had it first', async () => {
    const own = await serve()
    const mirror = await serve()
    const request = new Request(`${own.url}/api/x`, { method: 'POST', body: 'once more' })
    const call = toCall(request, { repeatable: true })
    for (const server of [entry(mirror.url), undefined]) {
      const url = `${server ? mirror.url : own.url}/api/x`
      await new Promise<void>(resolve => {
        const headers = () => void resolve()
        createTransport().send(
          { call, url, ...(server && { server }) },
          { headers, progress() {}, held() {}, broken() {}, failed: () => resolve() },
        )
      })
    }
    expect([mirror.seen, own.seen]).toMatchObject([[{ body: 'once more' }], [{ body: 'once more' }]])
  })

  test('gets the very request and its own response is passed on', async () => {
    const { url, seen } = await serve((_, r) => {
      r.writeHead(429, { 'content-type': 'Text/Plain; charset=utf-8', 'content-length': '2', 'retry-after': '7' }).end(
        'ok',
      )
    })
    const headers = { authorization: 'Bearer x', 'x-own': '1', cookie: 'a=b' }
    const sent = send(new Request(`${url}/api/x?q#f`, { method: 'POST', body: '{"a":1}', headers }))
    await sent.ended
    expect(sent.answer()).toMatchObject({ status: 429, type: 'text/plain', lengthBytes: 2, retryAfterMs: 7000 })
    expect(response(sent.answer()).url).toBe(`${url}/api/x?q`)
    expect(await response(sent.answer()).text()).toBe('ok')
    expect(seen).toMatchObject([{ method: 'POST', url: '/api/x?q', body: '{"a":1}', headers }])
  })

  test('gets what a page asks without CORS, as media do, untouched: an init would cost it its range', async () => {
    const asked: unknown[][] = []
    const transport = createTransport({
      async fetch(...args) {
        asked.push(args)
        return new Response('ok')
      },
    })
    for (const mode of ['no-cors', 'cors'] as const) {
      const request = new Request('https://a.example/film', { mode })
      const events = { headers: () => undefined, progress() {}, held() {}, broken() {}, failed() {} }
      transport.send({ call: toCall(request), url: request.url }, events)
    }
    expect(asked.map(args => args.length)).toEqual([1, 2])
  })

  test('that refuses, resets or closes has failed, in few words', async () => {
    const { url, server } = await serve((request, r) => void (request.url === '/reset' ? r.destroy() : r.end()))
    const reset = send(new Request(`${url}/reset`))
    await reset.ended
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
    const refused = send(new Request(`${url}/`))
    await refused.ended
    expect([reset.events, refused.events]).toEqual([['failed: network error'], ['failed: network error']])
  })

  test('is reported no more of after an abort, and sees its connection close', async () => {
    let closed: () => void
    const closing = new Promise<void>(resolve => {
      closed = resolve
    })
    let asked: () => void
    const asking = new Promise<void>(resolve => {
      asked = resolve
    })
    const { url } = await serve(request => {
      request.on('close', () => {})
      request.socket.on('close', () => closed())
      asked()
    })
    const sent = send(new Request(url))
    await asking
    sent.abort()
    await closing
    expect(sent.events).toEqual([])
  })

  test("the caller's signal ends the body, with the caller's reason", async () => {
    const { url } = await serve((_, r) => {
      r.writeHead(200, { 'content-length': '10' }).write('half')
    })
    const caller = new AbortController()
    const sent = send(new Request(url), undefined, undefined, { signal: caller.signal })
    await sent.ended
    const body = response(sent.answer()).text()
    caller.abort(new Error('enough'))
    await expect(body).rejects.toThrow('enough')
  })
})

describe('another server', () => {
  const headers = {
    accept: 'application/json',
    authorization: 'Bearer x',
    cookie: 'a=b',
    'content-type': 'application/json',
    'idempotency-key': 'k',
    'if-none-match': '"e"',
    'x-own': '1',
  }
  test.each([
    ['omit', ['accept', 'content-type', 'idempotency-key', 'if-none-match']],
    ['headers', ['accept', 'content-type', 'idempotency-key', 'if-none-match', 'authorization', 'x-own']],
    ['include', ['accept', 'content-type', 'idempotency-key', 'if-none-match', 'authorization', 'x-own', 'cookie']],
  ] as const)('with credentials %s gets %j', async (credentials, expected) => {
    const { url, seen } = await serve()
    const request = new Request('http://asked.example/api/x', { method: 'PUT', body: 'new', headers })
    const sent = send(request, entry(url, { credentials }))
    await sent.ended
    expect(sent.events).toEqual(['headers 200'])
    expect(seen).toMatchObject([{ method: 'PUT', url: '/api/x', body: 'new' }])
    expect(
      Object.keys(headers)
        .filter(name => seen[0]!.headers[name] !== undefined)
        .sort(),
    ).toEqual([...expected].sort())
  })

  test('gets no validator of the asked server’s copy with a read, and no range of it', async () => {
    const { url, seen } = await serve()
    const request = new Request('http://asked.example/api/x', {
      headers: { 'if-none-match': '"e"', 'if-range': '"e"', range: 'bytes=5-', accept: 'text/plain' },
    })
    await send(request, entry(url, { credentials: 'omit' })).ended
    expect(seen[0]!.headers).toMatchObject({ accept: 'text/plain' })
    for (const name of ['if-none-match', 'if-range', 'range']) expect(seen[0]!.headers[name]).toBeUndefined()
  })

  test('gets the same body as the first one, and as the third', async () => {
    const { url, seen } = await serve()
    const body = new Blob(['x'.repeat(100_000)])
    const request = new Request(`${url}/`, { method: 'PUT', body })
    const { call } = send(request)
    const transport = createTransport()
    for (const server of [entry(url), entry(url)]) {
      await new Promise<void>(resolve => {
        const events = { progress() {}, held() {}, broken() {}, failed: () => resolve(), headers: () => void resolve() }
        transport.send({ call, url, server }, events)
      })
    }
    await expect.poll(() => seen.map(({ body }) => body.length)).toEqual([100_000, 100_000, 100_000])
  })

  test('cannot get the body of a write that may not be repeated and went out already', async () => {
    const { url, seen } = await serve()
    const request = new Request(url, { method: 'POST', body: 'once' })
    const first = send(request)
    await first.ended
    const events: string[] = []
    await new Promise<void>(resolve => {
      const failed = (reason: string) => {
        events.push(reason)
        resolve()
      }
      const rest = { progress() {}, held() {}, broken() {}, headers: () => undefined }
      createTransport().send({ call: first.call, url, server: entry(url) }, { ...rest, failed })
    })
    expect([events, seen.length]).toEqual([['network error'], 1])
  })

  test('may not redirect what carries a body, Authorization or own headers: that is an answer, not a failure', async () => {
    const { url } = await serve((request, r) => {
      if (request.url === '/there') r.end('there')
      else r.writeHead(307, { location: '/there' }).end()
    })
    const asked = 'http://asked.example/here'
    const results = [
      send(new Request(asked), entry(url)),
      send(new Request(asked, { method: 'PUT', body: 'x' }), entry(url)),
      send(new Request(asked, { headers: { 'x-own': '1' } }), entry(url, { credentials: 'headers' })),
      send(new Request(asked, { redirect: 'error' }), entry(url)),
      send(new Request(asked, { redirect: 'manual' }), entry(url)),
    ]
    await Promise.all(results.map(({ ended }) => ended))
    expect(results.map(({ events }) => events[0])).toEqual([
      'headers 200',
      'headers 307',
      'headers 307',
      'headers 307',
      'headers 307',
    ])
  })
})

describe('an answer of another server', () => {
  const asked = 'http://asked.example/app/here?q'
  const take = async (init: RequestInit, reply: (request: IncomingMessage, response: ServerResponse) => void) => {
    const { url } = await serve(reply)
    const server = entry(`${url}/mirror`)
    const call = toCall(new Request(asked, init))
    const answer = await new Promise<Answer>((resolve, reject) => {
      const events = {
        progress() {},
        held() {},
        broken: reject,
        failed: reject,
        headers: (answer: Answer) => resolve(answer),
      }
      createTransport().send({ call, url: `${server.url}here?q`, server }, events as never)
    })
    return toResponse({ answer, server: server.url, asked: false }, call)
  }
  const redirect = (to: string) => (request: IncomingMessage, response: ServerResponse) => {
    if (request.url!.startsWith('/mirror/here')) response.writeHead(302, { location: to }).end()
    else response.end('there')
  }
  const looks = ({ status, url, redirected }: Response) => [status, url, redirected]

  test('has the URL of the request, or of where the server redirected it to within itself', async () => {
    expect(looks(await take({}, (_, response) => response.end()))).toEqual([200, asked, false])
    const moved = await take({}, redirect('there?x'))
    expect(looks(moved)).toEqual([200, 'http://asked.example/app/there?x', true])
  })

  test('that leads out of the server keeps its own URL', async () => {
    expect((await take({}, redirect('/elsewhere'))).url).toMatch(/^http:\/\/127.0.0.1:\d+\/elsewhere$/)
  })

  test('is an error where the page wants no redirect, or it may not be followed', async () => {
    await expect(take({ redirect: 'error' }, redirect('there'))).rejects.toThrow(TypeError)
    await expect(take({ method: 'PUT', body: 'x' }, redirect('there'))).rejects.toThrow('redirected')
    expect(looks(await take({ redirect: 'manual' }, redirect('there')))).toEqual([302, asked, false])
  })
})

describe('holding a body', () => {
  const hold: Hold = { bytes: 1000, ms: 10_000, longestMs: 10_000 }
  const ask = async (reply: (response: ServerResponse) => void, limits = hold) => {
    const { url } = await serve((_, r) => reply(r))
    const sent = send(new Request(url), undefined, limits)
    await sent.ended
    return sent
  }

  test('ends when it is whole, and the response is still unread', async () => {
    const sent = await ask(r => r.writeHead(200, { 'content-length': '5' }).end('whole'))
    expect(sent.events).toEqual(['held'])
    expect(await response(sent.answer()).text()).toBe('whole')
  })

  test('ends when enough is there, and the rest comes through', async () => {
    const sent = await ask(r => r.end('x'.repeat(300_000)))
    expect(sent.events).toEqual(['held'])
    expect((await response(sent.answer()).text()).length).toBe(300_000)
  })

  test('ends when it takes too long', async () => {
    let finish = () => {}
    const sent = await ask(
      r => {
        r.write('a')
        finish = () => r.end('b')
      },
      { bytes: 1000, ms: 20, longestMs: 20 },
    )
    expect(sent.events).toEqual(['held'])
    finish()
    expect(await response(sent.answer()).text()).toBe('ab')
  })

  test('that stands still when its time is over waits for its next byte, but not for ever', async () => {
    let goOn!: () => void
    const events: string[] = []
    const until = (wanted: number) =>
      new Promise<void>(resolve => {
        const body = new ReadableStream({
          start(source) {
            source.enqueue(new Uint8Array(1))
            goOn = () => source.enqueue(new Uint8Array(1))
          },
        })
        const hold: Hold = { bytes: 1000, ms: 10, longestMs: wanted }
        const note = (event: string) => () => {
          events.push(event)
          if (event === 'held') resolve()
        }
        createTransport({ fetch: async () => new Response(body) }).send(
          { call: toCall(new Request('http://a.example')), url: 'http://a.example' },
          {
            headers: () => hold,
            progress: note('a byte'),
            held: note('held'),
            broken: note('broken'),
            failed: note('failed'),
          },
        )
      })
    const goesOn = until(Number.POSITIVE_INFINITY)
    await vi.waitFor(() => expect(events).toEqual(['a byte']))
    const late = Date.now() + 20
    await vi.waitFor(() => expect(Date.now()).toBeGreaterThan(late))
    expect(events).toEqual(['a byte'])
    goOn()
    await goesOn
    expect(events).toEqual(['a byte', 'a byte', 'held'])
    await until(50)
    expect(events).toEqual(['a byte', 'a byte', 'held', 'a byte', 'held'])
  })

  test('ends at once without a body', async () => {
    expect((await ask(r => r.writeHead(204).end())).events).toEqual(['held'])
  })

  test('tells of a body that breaks off', async () => {
    const broken = await ask(r => {
      r.writeHead(200, { 'content-length': '10' })
      r.write('half', () => r.destroy())
    })
    expect(broken.events).toEqual(['broken: body broke off'])
  })

  test('tells of a body shorter than declared where the engine does not', async () => {
    const short = new Response('half', { headers: { 'content-length': '10' } })
    const packed = new Response('half', { headers: { 'content-length': '10', 'content-encoding': 'gzip' } })
    const events: string[] = []
    for (const answer of [short, packed]) {
      await new Promise<void>(resolve => {
        const end = (event: string) => {
          events.push(event)
          resolve()
        }
        createTransport({ fetch: async () => answer }).send(
          { call: toCall(new Request('http://a.example')), url: 'http://a.example' },
          { headers: () => hold, progress() {}, held: () => end('held'), broken: end, failed: end },
        )
      })
    }
    expect(events).toEqual(['body broke off', 'held'])
  })

  test('does not wait to be told that the last declared byte was the last', async () => {
    const large: Hold = { ...hold, bytes: 100_000 }
    const whole = new Uint8Array(10_000)
    const answer = new Response(new ReadableStream({ start: source => source.enqueue(whole) }), {
      headers: { 'content-length': String(whole.length) },
    })
    const event = await new Promise<string>(resolve => {
      createTransport({ fetch: async () => answer }).send(
        { call: toCall(new Request('http://a.example')), url: 'http://a.example' },
        { headers: () => large, progress() {}, held: () => resolve('held'), broken: resolve, failed: resolve },
      )
    })
    expect(event).toBe('held')
  })

  test('leaves nothing behind when the answer is then given up unread', async () => {
    const sent = await ask(r => void r.write('a'.repeat(2000)))
    expect(sent.events).toEqual(['held'])
    const looks = response(sent.answer())
    expect([looks.url, looks.type, looks.redirected]).toEqual([sent.call.url, 'basic', false])
    // In Node 20 this was an unhandled rejection, which vitest reports as an error of its own.
    sent.abort()
    await new Promise(resolve => setTimeout(resolve, 50))
    await expect(looks.text()).rejects.toThrow('aborted')
  })

  test('stops without a word at an abort', async () => {
    let begun: () => void
    const beginning = new Promise<void>(resolve => {
      begun = resolve
    })
    const { url } = await serve((_, r) => {
      r.write('a')
    })
    const events: string[] = []
    const note = (event: string) => () => void events.push(event)
    const sending = createTransport().send(
      { call: toCall(new Request(url)), url },
      {
        headers: () => hold,
        progress: () => begun(),
        held: note('held'),
        broken: note('broken'),
        failed: note('failed'),
      },
    )
    await beginning
    sending.abort()
    await new Promise(resolve => setImmediate(resolve))
    expect(events).toEqual([])
  })
})

test.each<[string, string, CallExtra, boolean]>([
  ['Chromium', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0', {}, true],
  ['Firefox', 'Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0', {}, true],
  ['Chromium without cookies', 'Chrome/156.0.0.0', { cookies: false }, false],
  [
    'Safari',
    'Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    {},
    false,
  ],
  ['Chrome on iOS', 'AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/156.0 Mobile Safari/604.1', {}, false],
])('%s sends what has cookies by other connections than a probe', (_what, userAgent, extra, yes) => {
  vi.stubGlobal('navigator', { userAgent })
  vi.stubGlobal('location', { origin: 'http://a.example' })
  const call = toCall(new Request('http://a.example/'), { cookies: true, ...extra })
  expect(createTransport().apart({ call, url: call.url })).toBe(yes)
  vi.unstubAllGlobals()
})

test('outside browsers nothing waits for a connection', () => {
  const call = toCall(new Request('http://a.example/'))
  expect(createTransport().apart({ call, url: call.url })).toBe(true)
})

describe('a probe', () => {
  const probe = (url: string, method: 'GET' | 'HEAD' = 'GET', fetcher?: typeof fetch) =>
    new Promise<ProbeEnd>(resolve => createTransport(fetcher ? { fetch: fetcher } : {}).probe({ url, method }, resolve))

  test('lets go of a body that stalls', async () => {
    let closed: (() => void) | undefined
    const { url } = await serve((_, response) => {
      response.on('close', () => closed?.())
      response.writeHead(200, { 'content-length': '10' }).write('half')
    })
    expect(await probe(url)).toEqual({ status: 200 })
    await new Promise<void>(resolve => {
      closed = resolve
    })
  })

  test('asks without credentials and tells the status', async () => {
    const { url, seen } = await serve((_, r) => void r.writeHead(503).end())
    expect(await probe(`${url}/healthz`, 'HEAD')).toEqual({ status: 503 })
    expect(seen).toMatchObject([{ method: 'HEAD', url: '/healthz', headers: { 'cache-control': 'no-cache' } }])
  })

  test('of a server that refuses ends in nothing', async () => {
    const { url, server } = await serve()
    await new Promise(resolve => server.close(resolve))
    expect(await probe(url)).toBeUndefined()
  })

  test('called off says nothing', async () => {
    const ends: ProbeEnd[] = []
    const { url } = await serve(() => {})
    createTransport()
      .probe({ url, method: 'GET' }, end => ends.push(end))
      .abort()
    await new Promise(resolve => setImmediate(resolve))
    expect(ends).toEqual([])
  })
})

test.each([
  ['120', 120_000],
  ['0', 0],
  ['Wed, 21 Oct 2026 07:28:00 GMT', 60_000],
  ['Wed, 21 Oct 2026 07:00:00 GMT', 0],
  ['-1', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['', undefined],
])('Retry-After %j is %s ms', (value, ms) => {
  expect(parseRetryAfter(value, Date.UTC(2026, 9, 21, 7, 27))).toBe(ms)
})

test('a request is read into plain data', () => {
  const plain = toCall(new Request('https://a.example/x?q#outrigger:pass'))
  expect(plain).toMatchObject({ method: 'GET', url: 'https://a.example/x?q', hasBody: false, streams: false })
  expect(plain).toMatchObject({ authorization: false, cookies: false, idempotencyKey: false })
  const headers = { authorization: 'x', 'idempotency-key': 'k', cookie: 'c' }
  const write = toCall(new Request('https://a.example', { method: 'POST', body: 'x', headers }), { repeatable: false })
  expect(write).toMatchObject({
    method: 'POST',
    authorization: true,
    idempotencyKey: true,
    cookies: true,
    hasBody: true,
  })
  expect(write.repeatable).toBe(false)
  for (const header of [{ range: 'bytes=0-' }, { accept: 'text/event-stream' }]) {
    expect(toCall(new Request('https://a.example', { headers: new Headers(Object.entries(header)) })).streams).toBe(
      true,
    )
  }
  // As urql and MCP clients ask: the answer's type tells what it is.
  const some = { accept: 'application/json, text/event-stream' }
  expect(toCall(new Request('https://a.example', { headers: some })).streams).toBe(false)
})
