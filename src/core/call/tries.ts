import type { FailureCode, FailureRecord, Try } from '../errors.ts'
import type { Call, Peer } from '../types.ts'
import { pathOf } from './kind.ts'

/** Most tries and probes that one record lists. */
const MOST = 50

/** Notes one more try; a request that waits for hours must not collect probes without end. */
export function noteTry(tries: Try[], peer: Peer, ms: number, reason: string, status?: number, probe = false): void {
  if (tries.length >= MOST) return
  tries.push({ server: peer.id, ms: Math.round(ms), reason, ...(status && { status }), ...(probe && { probe }) })
}

/** A failure in words: what happened, to what, after how long. Holds no query, header or body. */
export function describe(
  code: FailureCode,
  call: Call,
  tries: readonly Try[],
  startedAt: number,
  now: number,
): FailureRecord {
  const request = `${call.method} ${pathOf(call.url)}`
  const asked = tries.map(one => `${one.server} ${one.reason}`).join(', ')
  const message = `${request} failed after ${Math.round(now - startedAt)} ms: ${code}${asked ? ` (${asked})` : ''}`
  return { code, message, tries: [...tries], request, at: now }
}
