import type { IncomingMessage } from 'node:http'
import type { Page } from './farm-messages.ts'
import { json, type Reply, text } from './replies.ts'
import { findFile } from './static-files.ts'

/** What the endpoints get from the process they run in. */
export interface Surroundings {
  /** Index of the server in the farm. */
  index: number
  files: readonly string[]
  list(): string
  pages(): Record<string, Page>
  /** True: this server holds an older copy of the data. */
  stale(): boolean
  /** Records a write; resolves when it is safe with the parent. */
  apply(id: string): Promise<void>
  /** Reads the board that all servers share, after adding `write`, if given. */
  board(write?: unknown): Promise<unknown>
}

const bodyLimitBytes = 256 * 1024 * 1024

/** Answers one request as a healthy server does. */
export async function answer(request: IncomingMessage, around: Surroundings): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://server.invalid')
  const { pathname: path, searchParams: query } = url
  const ms = Number(query.get('ms') ?? 0)
  const server = around.index
  const page = around.pages()[path]
  if (page) {
    await wait(page.ms ?? 0)
    const reply = text(page.body ?? '', page.status ?? 200, 'text/html; charset=utf-8')
    return { ...reply, headers: { 'content-type': 'text/html; charset=utf-8', ...lower(page.headers) } }
  }
  if (path === '/healthz') return json({ ok: true, server })
  if (path === '/servers.json') return { ...text(around.list(), 200, 'application/json; charset=utf-8') }
  if (path.startsWith('/api/echo')) return echo(request, url, around)
  if (path === '/api/slow' || path === '/api/poll' || path === '/api/report') {
    await wait(ms)
    return json({ path, ms, server })
  }
  if (path === '/api/always-500') return json({ error: 'this endpoint always answers 500', server }, 500)
  if (path === '/api/drip') return drip(query, server)
  if (path === '/api/data') return json({ version: around.stale() ? 1 : 2, server })
  if (path === '/api/write') return write(request, around, ms)
  if (path === '/api/board') return board(request, around)
  if (path === '/api/upload') return upload(request, ms, server)
  if (path.startsWith('/api/')) return json({ error: `there is no ${path}`, server }, 404)
  const file = await findFile(around.files, path, request.headers['if-none-match'])
  return file ?? text(`There is no ${path} on server ${server}.\n`, 404)
}

/** True for what changes something on the server. */
export function isWrite(request: IncomingMessage): boolean {
  return !['GET', 'HEAD', 'OPTIONS'].includes(request.method ?? 'GET')
}

async function echo(request: IncomingMessage, url: URL, { index }: Surroundings): Promise<Reply> {
  const query = url.searchParams
  const body = await readBody(request)
  await wait(Number(query.get('ms') ?? 0))
  const value: Record<string, unknown> = {
    n: url.pathname.slice('/api/echo/'.length),
    server: index,
    method: request.method,
  }
  if (body.length > 0) value.body = body.toString('utf8').slice(0, 10_000)
  if (query.has('headers')) value.headers = request.headers
  const missing = Number(query.get('size') ?? 0) - JSON.stringify({ ...value, pad: '' }).length
  if (missing > 0) value.pad = 'x'.repeat(missing)
  const reply = json(value, Number(query.get('status') ?? 200))
  const type = query.get('type')
  if (type) reply.headers['content-type'] = type
  return { ...reply, chunked: query.has('chunked') && query.get('chunked') !== '0' }
}

/** A body that comes bit by bit: `?pieces=&everyMs=&size=`. */
function drip(query: URLSearchParams, server: number): Reply {
  const body = Buffer.alloc(Number(query.get('size') ?? 1000), `server ${server} `)
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }
  const pieces = Number(query.get('pieces') ?? 10)
  const everyMs = Number(query.get('everyMs') ?? 100)
  return { status: 200, headers, body, pieces, everyMs, chunked: !query.has('length') }
}

async function write(request: IncomingMessage, around: Surroundings, ms: number): Promise<Reply> {
  if (!isWrite(request)) return json({ error: 'POST here' }, 405)
  const id = idOf(await readBody(request)) ?? new URL(request.url!, 'http://server.invalid').searchParams.get('id')
  if (!id) return json({ error: 'the body must be JSON with an `id`' }, 400)
  await around.apply(id)
  await wait(ms)
  return json({ applied: id, server: around.index }, 201)
}

async function board(request: IncomingMessage, around: Surroundings): Promise<Reply> {
  if (!isWrite(request)) return json({ board: await around.board(), server: around.index })
  const body = await readBody(request)
  const note = parse(body)
  if (note === undefined) return json({ error: 'the body must be JSON' }, 400)
  const id = idOf(body)
  if (id) await around.apply(id)
  return json({ board: await around.board(note), server: around.index }, 201)
}

async function upload(request: IncomingMessage, ms: number, server: number): Promise<Reply> {
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length
    await wait(ms)
  }
  return json({ bytes, server }, 201)
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length
    if (bytes <= bodyLimitBytes) chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

function idOf(body: Buffer): string | undefined {
  const value = parse(body)
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
}

function lower(headers: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

export function wait(ms: number): Promise<void> {
  return ms > 0 ? new Promise(resolve => setTimeout(resolve, ms)) : Promise.resolve()
}
