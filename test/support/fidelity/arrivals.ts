import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** A request as it reached a server. */
export interface Arrival {
  method: string
  /** With its query, byte by byte. */
  path: string
  /** Without those that speak of the connection or of the browser. */
  headers: Record<string, string>
  bytes: number
  /** The first 16 digits of the body's SHA-256, and its beginning. */
  hash: string
  text: string
  /** The connection ended before the answer did. */
  closed: boolean
}

const byId = new Map<string, Arrival[]>()

/** The browser's own, the connection's, and what CORS adds; the referrer has cases of its own. */
const notTheirs =
  /^(host|connection|user-agent|accept-encoding|accept-language|dnt|te|priority|upgrade-insecure-requests|origin|referer|sec-.*)$/

/** Reads a request whole and notes it under its `id`. */
export async function arrive(
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<Arrival> {
  const headers = Object.entries(request.headers).filter(([name]) => !notTheirs.test(name))
  // Engines send them in another order from a worker.
  headers.sort(([a], [b]) => (a < b ? -1 : 1))
  const arrival: Arrival = {
    method: request.method!,
    path: request.url!,
    headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
    bytes: 0,
    hash: '',
    text: '',
    closed: false,
  }
  const id = query.get('id')
  if (id) byId.set(id, [...arrivals(id), arrival])
  response.on('close', () => {
    arrival.closed = !response.writableFinished
  })
  const hash = createHash('sha256')
  for await (const chunk of request) {
    arrival.bytes += (chunk as Buffer).length
    if (arrival.text.length < 500) arrival.text = (arrival.text + chunk).slice(0, 500)
    hash.update(chunk as Buffer)
  }
  arrival.hash = hash.digest('hex').slice(0, 16)
  return arrival
}

/** All that arrived under an `id`, oldest first. */
export function arrivals(id: string): Arrival[] {
  return byId.get(id) ?? []
}

/** Lets the page of another origin read the answer, with cookies. */
export function allowPage({ headers }: IncomingMessage, response: ServerResponse): void {
  response.setHeader('vary', 'Origin')
  if (!headers.origin) return
  response.setHeader('access-control-allow-origin', headers.origin)
  response.setHeader('access-control-allow-credentials', 'true')
}
