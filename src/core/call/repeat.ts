import type { Call } from '../types.ts'

/**
 * How a call may be sent again (RFC 9110, 9.2.2).
 * - `read`: at any time, also raced; a `POST` too where the app says that it only asks
 * - `keyed`: after a failure, because its `Idempotency-Key` makes a second one harmless
 * - `idempotent`: PUT and DELETE, only once its server is out
 * - `once`: never
 */
export type Nature = 'read' | 'keyed' | 'idempotent' | 'once'

export function natureOf(call: Call): Nature {
  if (call.repeatable === false) return 'once'
  if (isRead(call.method) || (call.repeatable && call.method === 'POST')) return 'read'
  if (call.idempotencyKey) return 'keyed'
  return call.method === 'PUT' || call.method === 'DELETE' ? 'idempotent' : 'once'
}

/** GET, HEAD and OPTIONS: what a read-only replica takes too. */
export function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS'
}
