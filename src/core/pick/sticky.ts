import { isWithin } from '../moments.ts'
import type { Peer } from '../types.ts'

/** Most paths whose writes are kept on one server. */
const PATHS = 64

/** Where this client wrote last: plain data. */
export interface Writes {
  /** The server that took the last write. */
  id?: string
  at: number
  /** Paths whose repeated writes moved: the server that now takes them. */
  paths: Record<string, { id: string; at: number }>
}

export function noWrites(): Writes {
  return { at: 0, paths: {} }
}

/** Remembers that `by` took a write. A *moved* one keeps all later writes to its path there, while it is in service. */
export function wrote(writes: Writes, by: Peer, path: string, moved: boolean, now: number): void {
  writes.id = by.id
  writes.at = now
  if (!moved) return
  // The oldest first.
  delete writes.paths[path]
  writes.paths[path] = { id: by.id, at: now }
  const [oldest, ...rest] = Object.keys(writes.paths)
  if (rest.length >= PATHS) delete writes.paths[oldest!]
}

/** The server that a request should stay with because of an earlier write, if any. */
export function stayWith(writes: Writes, path: string, isRead: boolean, afterWriteMs: number, now: number) {
  const [last, ms] = isRead ? [writes, afterWriteMs] : [writes.paths[path], 6 * afterWriteMs]
  return last && isWithin(last.at, ms, now) ? last.id : undefined
}
