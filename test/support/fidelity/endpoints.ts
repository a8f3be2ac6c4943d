import type { IncomingMessage, ServerResponse } from 'node:http'
import { type Arrival, allowPage, arrivals, arrive } from './arrivals.ts'
import { expose } from './expose.ts'
import { sendFile } from './file.ts'
import { events, wav } from './media.ts'

type Endpoint = (request: IncomingMessage, response: ServerResponse, query: URLSearchParams, arrival: Arrival) => void

/**
 * What a page may ask of a server here, below `/api/f/`. Every endpoint takes `id`, by which the page
 * asks later what arrived: `/fidelity/arrivals?id=…`, which no worker of ours answers.
 */
const endpoints: Record<string, Endpoint> = {
  say,
  echo,
  redirect,
  loop,
  file: sendFile,
  stream,
  hang,
  half,
  cut,
  events,
  wav,
}

export function answerByEndpoint(request: IncomingMessage, response: ServerResponse): boolean {
  const { pathname, searchParams: query } = new URL(request.url!, 'http://server.invalid')
  if (pathname === '/fidelity/arrivals') {
    allowPage(request, response)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(arrivals(query.get('id')!)))
    return true
  }
  const [, name] = /^\/api\/f\/([a-z]+)/.exec(pathname) ?? []
  const endpoint = endpoints[name ?? '']
  if (!endpoint || request.method === 'OPTIONS') return false
  allowPage(request, response)
  arrive(request, response, query).then(
    arrival => setTimeout(() => endpoint(request, response, query, arrival), Number(query.get('ms') ?? 0)),
    () => response.destroy(),
  )
  return true
}

/** `?status=&text=&h=name:value&body=`: an answer as told; `h` may be given many times. */
function say(request: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
  const body = query.get('body') ?? ''
  const status = Number(query.get('status') ?? 200)
  response.sendDate = false
  for (const header of query.getAll('h')) {
    const colon = header.indexOf(':')
    response.appendHeader(header.slice(0, colon), header.slice(colon + 1))
  }
  const bodiless = [204, 205, 304].includes(status)
  if (!bodiless && !query.has('chunked')) response.setHeader('content-length', String(Buffer.byteLength(body)))
  expose(response)
  if (query.has('text')) response.writeHead(status, query.get('text')!)
  else response.writeHead(status)
  response.end(bodiless || request.method === 'HEAD' ? undefined : body)
}

/** The request as it arrived; `?referrer=1`: with its referrer. */
function echo({ headers }: IncomingMessage, response: ServerResponse, query: URLSearchParams, arrival: Arrival): void {
  const { closed: _closed, ...seen } = arrival
  const body = JSON.stringify(query.has('referrer') ? { ...seen, referrer: headers.referer } : seen)
  response.writeHead(Number(query.get('status') ?? 200), {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'content-length': String(Buffer.byteLength(body)),
  })
  response.end(body)
}

/** `?status=302&to=`: the address is sent as it is given. */
function redirect(_: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
  response.writeHead(Number(query.get('status') ?? 302), { location: query.get('to')!, 'cache-control': 'no-store' })
  response.end()
}

/** Leads to itself. */
function loop({ url }: IncomingMessage, response: ServerResponse): void {
  response.writeHead(302, { location: url, 'cache-control': 'no-store' }).end()
}

/**
 * `?pieces=&everyMs=&bytes=&type=&length=1`: pieces of a body, each beginning with the wall time at which it left and
 * a line feed. A length is declared only if asked for.
 */
function stream(_: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
  const pieces = Number(query.get('pieces') ?? 5)
  const bytes = Number(query.get('bytes') ?? 100)
  response.setHeader('content-type', query.get('type') ?? 'text/plain')
  response.setHeader('cache-control', 'no-store')
  if (query.has('length')) response.setHeader('content-length', String(pieces * bytes))
  expose(response)
  let sent = 0
  const next = () => {
    if (response.destroyed) return
    response.write(`${Date.now()}\n`.padEnd(bytes, 'x'))
    if (++sent === pieces) response.end()
    else setTimeout(next, Number(query.get('everyMs') ?? 100))
  }
  next()
}

/** Longer than any case waits for a connection to close; those that nobody closes would soon be all that a browser has. */
const longestMs = 5_000

/** Never answers. */
function hang(_: IncomingMessage, response: ServerResponse): void {
  setTimeout(() => response.destroy(), longestMs)
}

/** The first bytes of a body that goes on for ever, of `?type=`. */
function half(_: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
  response.writeHead(200, {
    'content-type': query.get('type') ?? 'application/octet-stream',
    'cache-control': 'no-store',
  })
  response.write(Buffer.alloc(2_000, 'h'))
  setTimeout(() => response.destroy(), longestMs)
}

/** `?declared=&bytes=&type=`: the connection ends after so many bytes of a body. */
function cut(_: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
  const declared = query.get('declared')
  response.setHeader('content-type', query.get('type') ?? 'application/octet-stream')
  response.setHeader('cache-control', 'no-store')
  if (declared) response.setHeader('content-length', declared)
  // A moment for the bytes to leave, and for the page to see the headers.
  response.write(Buffer.alloc(Number(query.get('bytes') ?? 1_000), 'c'), () => setTimeout(() => response.destroy(), 50))
}
