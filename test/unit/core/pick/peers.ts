import type { Call, Peer, Server } from '../../../../src/core/types.ts'

/** A list's entry with its defaults filled in. */
export function server(url: string, fields: Partial<Server> = {}): Server {
  return { url, weight: 1, tier: 0, transport: 'auto', credentials: 'omit', writes: true, ...fields }
}

/** A server of the list, as a request sees it. */
export function peer(url: string, fields: Partial<Server> = {}): Peer {
  return { id: url, origin: new URL(url).origin, server: server(url, fields) }
}

/** A plain GET, but for `fields`. */
export function call(fields: Partial<Call> = {}): Call {
  const plain = { authorization: false, cookies: false, idempotencyKey: false, hasBody: false, streams: false }
  return { method: 'GET', url: 'https://a.example/api/read', ...plain, handle: undefined, ...fields }
}
