import type { Failover } from '../src/core/failover.ts'

/** What the shell has to say in `status.problems`, one line a path; of many, the status shows ten. */
export interface Notes {
  /** `undefined` takes the path's line away. */
  set(path: string, message: string | undefined): void
  /** Cache Storage did not do what it was asked. */
  storage(error: unknown): void
}

export function createNotes(failover: Pick<Failover, 'problem'>): Notes {
  const lines = new Map<string, string>()
  return {
    set(path, message) {
      if (lines.get(path) === message) return
      lines.delete(path)
      if (message) lines.set(path, message)
      failover.problem('shell', undefined)
      for (const line of lines.values()) failover.problem('shell', line)
    },
    storage(error) {
      failover.problem('storage', `Cache Storage cannot be used (${error}): free space`)
    },
  }
}
