import type { Kind } from './call/samples.ts'
import { numberIn, numbersIn, type ServerRecord } from './health/record.ts'
import type { Writes } from './pick/sticky.ts'

/** All that one client remembers: plain data, readable by later versions, no larger than its lists of servers and kinds. */
export interface Memory {
  v: 1
  /** Private to this client: what makes its order of servers its own. */
  salt: string
  /** Retry tokens: for moves, and for races. */
  tokens: number
  races: number
  writes: Writes
  kinds: [name: string, kind: Kind][]
  servers: Record<string, ServerRecord>
}

/** What of a saved memory is usable; garbage is left out field by field. */
export type Readable = Partial<Pick<Memory, 'salt' | 'tokens' | 'races' | 'writes'>> &
  Pick<Memory, 'kinds'> & { servers: unknown }

export function readMemory(saved: unknown): Readable {
  const { salt, tokens, races, writes, kinds, servers } = Object(saved)
  const memory: Readable = { kinds: readKinds(kinds), servers }
  if (typeof salt === 'string' && /^\w{8,64}$/.test(salt)) memory.salt = salt
  if (typeof tokens === 'number') memory.tokens = numberIn(tokens)
  if (typeof races === 'number') memory.races = numberIn(races)
  // Which paths moved is not worth checking entry by entry: it matters for a minute.
  if (typeof writes?.id === 'string') memory.writes = { id: writes.id, at: numberIn(writes.at), paths: {} }
  return memory
}

function readKinds(saved: unknown): [string, Kind][] {
  if (!Array.isArray(saved)) return []
  return saved.slice(0, 64).map(entry => {
    const [name, kind] = Array.isArray(entry) ? entry : []
    const { ms, html } = Object(kind)
    return [name, { ms: numbersIn(ms), ...(typeof html === 'boolean' && { html }) }]
  })
}
