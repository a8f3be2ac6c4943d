import type { IncomingMessage, ServerResponse } from 'node:http'
import { expose } from './expose.ts'

const etag = '"file-1"'
const modified = 'Wed, 21 Oct 2026 07:28:00 GMT'

/** `?bytes=&type=`: a file with validators and ranges, the same on every server. */
export function sendFile({ headers, method }: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
  const size = Number(query.get('bytes') ?? 1_000)
  const body = Buffer.from(
    Array.from({ length: size / 8 + 1 }, (_, i) => String(i).padStart(7, '0')).join(' '),
  ).subarray(0, size)
  response.setHeader('etag', etag)
  response.setHeader('last-modified', modified)
  response.setHeader('accept-ranges', 'bytes')
  response.setHeader('cache-control', query.get('cache') ?? 'no-cache')
  response.setHeader('content-type', query.get('type') ?? 'application/octet-stream')
  expose(response)
  const known =
    headers['if-none-match']?.includes(etag) || (!headers['if-none-match'] && headers['if-modified-since'] === modified)
  if (known) return void response.writeHead(304).end()
  const range = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '')
  if (!range || (headers['if-range'] && headers['if-range'] !== etag && headers['if-range'] !== modified)) {
    response.setHeader('content-length', String(body.length))
    return void response.writeHead(200).end(method === 'HEAD' ? undefined : body)
  }
  const from = range[1] ? Number(range[1]) : Math.max(0, size - Number(range[2]))
  const to = range[1] && range[2] ? Math.min(Number(range[2]), size - 1) : size - 1
  const whole = from <= to && from < size
  response.setHeader('content-range', whole ? `bytes ${from}-${to}/${size}` : `bytes */${size}`)
  const part = whole ? body.subarray(from, to + 1) : Buffer.alloc(0)
  response.setHeader('content-length', String(part.length))
  expose(response)
  response.writeHead(whole ? 206 : 416).end(method === 'HEAD' ? undefined : part)
}
