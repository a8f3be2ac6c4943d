import type { FailureRecord } from './errors.ts'
import type { Fleet } from './health/fleet.ts'
import type { CoreStatus, Problem, ServerStatus } from './status.ts'
import type { State } from './types.ts'

/** Failures kept for the status. */
const FAILURES = 20
/** Different messages kept of one kind of problem. */
const PER_CODE = 10

/** What a person is told: the servers' states, problems and failures, as plain data. */
export interface Board {
  failed(record: FailureRecord): void
  problem(code: string, message: string | undefined): void
  /** Sets what was found when nothing answered; any answer takes it back. */
  trouble(state: State | undefined): void
  status(servers: readonly string[], current: string | undefined): CoreStatus
  changed(): void
  subscribe(listener: () => void): () => void
}

export function createBoard(fleet: () => Fleet): Board {
  const failures: FailureRecord[] = []
  const problems = new Map<string, Set<string>>()
  const listeners = new Set<() => void>()
  let trouble: State | undefined

  function changed(): void {
    for (const listener of listeners) listener()
  }

  function serverStatus(id: string): ServerStatus {
    const { out, suspectAt, backedOffUntil, heardAt } = fleet().of(id)
    const state = fleet().stateOf(id)
    const until = out?.until ?? (state === 'backed-off' ? backedOffUntil : undefined)
    return { url: id, state, since: out?.since ?? suspectAt, until, heardAt: heardAt || undefined }
  }

  function stateOf(ids: readonly string[]): State {
    if (trouble) return trouble
    if (fleet().heardAny() === 0) return 'unknown'
    return ids.some(fleet().isOut) ? 'degraded' : 'ok'
  }

  return {
    changed,
    failed(record) {
      failures.push(record)
      if (failures.length > FAILURES) failures.shift()
      changed()
    },
    problem(code, message) {
      if (message === undefined) {
        if (problems.delete(code)) changed()
        return
      }
      const messages = problems.get(code) ?? new Set()
      if (messages.has(message) || messages.size >= PER_CODE) return
      problems.set(code, messages.add(message))
      changed()
    },
    trouble(state) {
      if (trouble === state) return
      trouble = state
      changed()
    },
    status(ids, current) {
      const listed: Problem[] = [...problems].flatMap(([code, all]) => [...all].map(message => ({ code, message })))
      return {
        state: stateOf(ids),
        servers: ids.map(serverStatus),
        problems: listed,
        failures: [...failures],
        current,
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
