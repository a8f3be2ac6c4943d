import type { IncomingMessage, ServerResponse } from 'node:http'

/** `?count=&retry=&named=1`: events numbered on from `Last-Event-ID`, so many on each connection. */
export function events({ headers }: IncomingMessage, response: ServerResponse, query: URLSearchParams): void {
  const count = Number(query.get('count') ?? 3)
  let n = Number(headers['last-event-id'] ?? 0)
  const last = n + count
  response.writeHead(Number(query.get('status') ?? 200), {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
  })
  response.write(`retry: ${query.get('retry') ?? 200}\n\n`)
  const next = () => {
    if (response.destroyed) return
    n += 1
    response.write(`id: ${n}\n${n % 2 ? '' : 'event: even\n'}data: ${n}\n\n`)
    if (n === last) {
      if (!query.has('open')) response.end()
    } else setTimeout(next, 30)
  }
  next()
}

const [rate, seconds] = [8_000, 60]

/** A minute of silence, in ranges. */
export function wav({ headers }: IncomingMessage, response: ServerResponse): void {
  const data = rate * seconds
  const body = Buffer.alloc(44 + data, 128)
  body.write('RIFF    WAVEfmt ', 0, 'latin1')
  body.writeUInt32LE(36 + data, 4)
  body.writeUInt32LE(16, 16)
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ] as const)
    body.writeUInt16LE(value, at)
  for (const at of [24, 28]) body.writeUInt32LE(rate, at)
  body.write('data', 36, 'latin1')
  body.writeUInt32LE(data, 40)
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '')
  const from = Number(range?.[1] ?? 0)
  const to = Number(range?.[2] || body.length - 1)
  response.writeHead(range ? 206 : 200, {
    'content-type': 'audio/wav',
    'accept-ranges': 'bytes',
    'cache-control': 'no-store',
    'access-control-expose-headers': 'Content-Range, Accept-Ranges, Content-Length',
    'content-length': String(to - from + 1),
    ...(range && { 'content-range': `bytes ${from}-${to}/${body.length}` }),
  })
  response.end(body.subarray(from, to + 1))
}
