import type { ServerResponse } from 'node:http'

/** An answer before it is sent, so that a fault can still spoil it. */
export interface Reply {
  status: number
  headers: Record<string, string>
  body: Buffer
  /** No `Content-Length`. */
  chunked?: boolean
  /** Send the body in this many pieces, `everyMs` apart. */
  pieces?: number
  everyMs?: number
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: Buffer.from(JSON.stringify(value)),
  }
}

export function text(body: string, status = 200, type = 'text/plain; charset=utf-8'): Reply {
  return { status, headers: { 'content-type': type, 'cache-control': 'no-store' }, body: Buffer.from(body) }
}

/** Sends a reply whole and in order. */
export function send(reply: Reply, response: ServerResponse): void {
  const { status, headers, body } = reply
  const pieces = Math.max(1, reply.pieces ?? 1)
  const length = reply.chunked || bodiless(reply) ? {} : { 'content-length': String(body.length) }
  response.writeHead(status, { ...headers, ...length })
  if (bodiless(reply) || response.req.method === 'HEAD') {
    response.end()
    return
  }
  if (pieces === 1) {
    // Written apart from `end`, or Node would add a length by itself.
    if (reply.chunked) response.write(body)
    response.end(reply.chunked ? undefined : body)
    return
  }
  const bytes = Math.ceil(body.length / pieces)
  let sent = 0
  const next = () => {
    if (response.destroyed) return
    response.write(body.subarray(sent, sent + bytes))
    sent += bytes
    if (sent >= body.length) response.end()
    else setTimeout(next, reply.everyMs ?? 0)
  }
  response.flushHeaders()
  next()
}

/** Headers and the first half of the body. What comes then is the caller's: nothing, or a reset. */
export function sendHalf(reply: Reply, response: ServerResponse, then?: () => void): void {
  const length = reply.chunked ? {} : { 'content-length': String(Math.max(2, reply.body.length)) }
  response.writeHead(reply.status, { ...reply.headers, ...length })
  response.write(reply.body.subarray(0, Math.max(1, reply.body.length >> 1)), () => then?.())
}

/** Something else than the gzip that its header declares: every browser breaks the transfer off. */
export function corrupted(reply: Reply): Reply {
  const body = Buffer.alloc(Math.max(64, reply.body.length), 0x5a)
  return { ...reply, headers: { ...reply.headers, 'content-encoding': 'gzip' }, body }
}

function bodiless({ status }: Reply): boolean {
  return status === 204 || status === 304
}
