import type { Kind } from './call/samples.ts'
import type { ServerRecord } from './health/record.ts'
import type { Writes } from './pick/sticky.ts'

/** All that one client remembers: plain data, readable by later versions, no larger than its lists of servers and kinds. */
export interface Memory {
  v: 1
  /** Private to this client: what makes its order of servers its own. */
  salt: string
  tokens: number
  writes: Writes
  kinds: [name: string, kind: Kind][]
  servers: Record<string, ServerRecord>
}

/** What of a saved memory is usable; garbage is left out field by field. */
export type Readable = Partial<Pick<Memory, 'salt' | 'tokens' | 'writes'>> &
  Pick<Memory, 'kinds'> & { servers: unknown }

export function readMemory(saved: unknown): Readable {
  const from = typeof saved === 'object' && saved !== null ? (saved as Record<string, unknown>) : {}
  const memory: Readable = { kinds: readKinds(from.kinds), servers: from.servers }
  if (typeof from.salt === 'string' && from.salt.length > 0 && from.salt.length <= 64) memory.salt = from.salt
  if (typeof from.tokens === 'number' && from.tokens >= 0) memory.tokens = from.tokens
  const writes = readWrites(from.writes)
  if (writes) memory.writes = writes
  return memory
}

function readKinds(saved: unknown): [string, Kind][] {
  if (!Array.isArray(saved)) return []
  return saved.slice(0, 64).flatMap((entry): [string, Kind][] => {
    const [name, value] = Array.isArray(entry) ? entry : []
    if (typeof name !== 'string' || typeof value !== 'object' || value === null) return []
    const { ms, html } = value as Record<string, unknown>
    if (!Array.isArray(ms)) return []
    const kind: Kind = { ms: ms.filter(one => typeof one === 'number' && one >= 0).slice(-40) }
    if (typeof html === 'boolean') kind.html = html
    return [[name, kind]]
  })
}

function readWrites(saved: unknown): Writes | undefined {
  if (typeof saved !== 'object' || saved === null) return undefined
  const { id, at } = saved as Record<string, unknown>
  if (typeof at !== 'number' || (id !== undefined && typeof id !== 'string')) return undefined
  // Which paths moved is not worth checking entry by entry: it matters for a minute.
  return { ...(id === undefined ? {} : { id }), at, paths: {} }
}
