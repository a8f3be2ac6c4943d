import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { answer, isWrite, type Surroundings, wait } from './endpoints.ts'
import { type FromServer, SETUP, type ServerSetup, type ToServer } from './farm-messages.ts'
import { covers, type Fault } from './faults.ts'
import { corrupted, json, type Reply, send, sendHalf, text } from './replies.ts'

/** Short enough to be filled up for a black hole, long enough for a burst of new connections. */
const backlog = 128

/** Answers a request by itself while the server is healthy; false: it is not one of its own. */
export type MoreEndpoints = (request: IncomingMessage, response: ServerResponse, around: Surroundings) => boolean

/** The reply to a request, to be spoiled by faults like any other; nothing: it is not one of its own. */
export type MoreReplies = (request: IncomingMessage, around: Surroundings) => Promise<Reply> | undefined

/**
 * Runs one server of the farm in this process, by the setup in its environment, and
 * ends with the parent's channel.
 *
 * @returns false when the environment holds no setup: this process is not one of the farm's.
 */
export function runFaultyServer(more?: MoreEndpoints, replies?: MoreReplies): boolean {
  const text = process.env[SETUP]
  if (!text || !process.send) return false
  const setup = JSON.parse(text) as ServerSetup
  process.on('disconnect', () => process.exit())
  // The parent decides when its servers end, also when Ctrl-C reaches the whole group.
  process.on('SIGINT', () => {})
  serve(setup, more, replies)
  return true
}

function tell(message: FromServer): Promise<void> {
  return new Promise(resolve => {
    if (process.connected) process.send!(message, undefined, undefined, () => resolve())
    else resolve()
  })
}

function serve(setup: ServerSetup, more?: MoreEndpoints, replies?: MoreReplies): void {
  let fault: Fault = setup.fault
  let list = setup.list
  let turns = 0
  let hits = 0
  const pages = setup.pages
  const boards = new Map<number, (board: unknown) => void>()
  let random = seeded(fault.seed)

  const around: Surroundings = {
    index: setup.index,
    files: setup.files,
    list: () => list,
    pages: () => pages,
    stale: () => fault.name === 'stale',
    apply: id => tell({ type: 'applied', id, at: Date.now() }),
    board: write =>
      new Promise(resolve => {
        const turn = ++turns
        boards.set(turn, resolve)
        void tell({ type: 'board', turn, write })
      }),
  }

  process.on('message', (message: ToServer) => {
    if (message.type === 'board') {
      boards.get(message.turn)?.(message.board)
      boards.delete(message.turn)
      return
    }
    if (message.type === 'fault') {
      fault = message.fault
      random = seeded(fault.seed)
    }
    if (message.type === 'list') list = message.list
    if (message.type === 'page') {
      if (message.page) pages[message.path] = message.page
      else delete pages[message.path]
    }
    void tell({ type: 'done', turn: message.turn })
  })

  const server = createServer((request, response) => {
    note(request, response, ++hits)
    // A request that breaks off while its body is read has nobody left to answer.
    handle(request, response).catch(() => response.destroy())
  })
  // Nothing of ours may cut a connection that a test wants to stay open.
  server.requestTimeout = 0
  server.headersTimeout = 0
  server.keepAliveTimeout = 120_000
  server.on('clientError', (_, socket) => socket.destroy())
  server.on('error', error => void tell({ type: 'taken', port: setup.port, reason: error.message }))
  server.listen({ port: setup.port, host: setup.host, backlog }, () => {
    const address = server.address()
    void tell({ type: 'listening', port: typeof address === 'object' && address ? address.port : setup.port })
  })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (fault.name === 'ok' && more?.(request, response, around)) return
    const met = covers(fault, request.url ?? '/') ? fault : undefined
    if (met?.name === 'slow') await wait(met.ms ?? 8_000)
    const strike = met && strikes(met)
    if (strike && appliesFirst(met, request)) await replyTo(request)
    if (strike === 'silence') return
    if (strike === 'reset') request.socket.resetAndDestroy()
    else if (strike) deliver(strike, request, response)
    else deliver(request.method === 'OPTIONS' ? noContent() : await replyTo(request), request, response)
  }

  async function replyTo(request: IncomingMessage): Promise<Reply> {
    return replies?.(request, around) ?? answer(request, around)
  }

  /** What a fault gives instead of the right answer; `undefined`: the right answer, perhaps spoiled on its way. */
  function strikes(met: Fault): Reply | 'silence' | 'reset' | undefined {
    if (met.name === 'mute' || met.name === 'api-hang' || met.name === 'apply-silent') return 'silence'
    if (met.name === 'reset') return 'reset'
    if (met.name === '503') return json({ error: 'unavailable' }, 503)
    if (met.name === '503-retry-after') {
      return json({ error: 'overloaded' }, 503, { 'retry-after': String(met.seconds ?? 30) })
    }
    if (met.name === 'html')
      return text('<!doctype html><title>Welcome</title><p>It works!', 200, 'text/html; charset=utf-8')
    if (met.name === 'errors' && random() < (met.share ?? 0.1)) return json({ error: 'internal' }, 500)
    return undefined
  }

  /** Sends a reply, spoiled by whatever the fault is by now. */
  function deliver(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
    if (response.destroyed) return
    Object.assign(reply.headers, corsHeaders(request))
    if (setup.close) reply.headers.connection = 'close'
    const { name } = covers(fault, request.url ?? '/') ? fault : { name: 'ok' }
    if (name === 'mute' || name === 'api-hang' || name === 'apply-silent') return
    if (name === 'reset') request.socket.resetAndDestroy()
    else if (name === 'stall' && isContent(reply, request)) sendHalf(reply, response)
    else if (name === 'reset-mid-body' && isContent(reply, request)) {
      // A moment for the bytes to leave: a reset overtakes what is still in the queue.
      sendHalf(reply, response, () => setTimeout(() => request.socket.resetAndDestroy(), 20))
    } else if (name === 'corrupt' && isContent(reply, request)) send(corrupted(reply), response)
    else send(reply, response)
  }

  function corsHeaders(request: IncomingMessage): Record<string, string> {
    const { origin } = request.headers
    if (fault.name === 'cors' && covers(fault, request.url ?? '/')) return { vary: 'Origin', ...fault.headers }
    if (!setup.cors || !origin) return setup.cors ? { vary: 'Origin' } : {}
    return {
      'access-control-allow-origin': origin,
      vary: 'Origin',
      ...(setup.corsCredentials ? { 'access-control-allow-credentials': 'true' } : {}),
      ...(request.method === 'OPTIONS'
        ? {
            'access-control-allow-methods': String(request.headers['access-control-request-method'] ?? 'GET'),
            'access-control-allow-headers': String(request.headers['access-control-request-headers'] ?? '*'),
            'access-control-max-age': '7200',
          }
        : { 'access-control-expose-headers': 'Retry-After, ETag, Link, Location' }),
    }
  }
}

/** Tells the parent of a request and of its end, so that both outlive this process. */
function note(request: IncomingMessage, response: ServerResponse, number: number): void {
  const { method = 'GET', url = '/', headers } = request
  const id = headers['idempotency-key'] ?? headers['x-request-id']
  const at = Date.now()
  void tell({
    type: 'hit',
    hit: { number, method, path: url, at, id: id as string | undefined, origin: headers.origin },
  })
  response.on('close', () => {
    const status = response.headersSent ? response.statusCode : undefined
    void tell({ type: 'answered', number, status, endedAt: Date.now(), aborted: !response.writableFinished })
  })
}

function appliesFirst(fault: Fault, request: IncomingMessage): boolean {
  return isWrite(request) && (fault.name === 'apply-silent' || fault.apply === true)
}

function isContent(reply: Reply, request: IncomingMessage): boolean {
  return request.method !== 'HEAD' && request.method !== 'OPTIONS' && reply.body.length > 0
}

function noContent(): Reply {
  return { status: 204, headers: {}, body: Buffer.alloc(0) }
}

/** Mulberry32: the same choices again in every run. */
function seeded(seed = 1): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
