import type { FailureRecord } from '../core/errors.ts'
import type { Problem, Status } from '../core/status.ts'
import { hideSecrets } from './secrets.ts'

/** Changes within this time are told once. */
const TOGETHER_MS = 50
const MOST_FAILURES = 20
/** More than worker, cover and page remember together; older ones do not come again. */
const MOST_TOLD = 100

export interface Sources {
  worker: NonNullable<Status['worker']>
  /** What the worker said last. */
  fromWorker: Status | undefined
  /** The page's own cover: what it has begun it ends, though the worker may serve by then. */
  fromCover: Status | undefined
  /** The worker's word is the truth. */
  workerServes: boolean
}

export interface StatusBoard {
  status(): Status
  /** Something may have changed. */
  changed(): void
  /** Something on the page's side is wrong: told on the console, and in the status from now on. */
  problem(problem: Problem): void
  /** A request of the page ended here, without the worker or the cover. */
  failure(record: FailureRecord): void
  subscribe(listener: (status: Status) => void): () => void
  /** Where `failure` events are dispatched. */
  events: EventTarget
}

/** One status out of what worker, cover and page know. The worker's word is the truth where it controls the page. */
export function joinStatus(
  { worker, fromWorker, fromCover, workerServes }: Sources,
  problems: readonly Problem[],
  own: readonly FailureRecord[] = [],
): Status {
  const main = workerServes ? fromWorker : (fromCover ?? fromWorker)
  const failures = [...own, ...new Set([fromWorker, fromCover].flatMap(one => one?.failures ?? []))]
  return {
    state: 'ok',
    servers: [],
    ...main,
    problems: [...(main?.problems ?? []), ...problems].map(one => ({ ...one, message: hideSecrets(one.message) })),
    failures: failures.sort((a, b) => (a.at ?? 0) - (b.at ?? 0)).slice(-MOST_FAILURES),
    worker,
  }
}

/** Keeps the page's status, and tells of its changes and of each new failure. */
export function createStatusBoard(sources: () => Sources, since = performance.timeOrigin): StatusBoard {
  const problems: Problem[] = []
  const failures: FailureRecord[] = []
  const listeners = new Set<(status: Status) => void>()
  const events = new EventTarget()
  const told = new Set<string>()
  let before = ''
  let timer: ReturnType<typeof setTimeout> | undefined

  function announce(failure: FailureRecord): void {
    const key = `${failure.at} ${failure.request} ${failure.message}`
    if ((failure.at ?? 0) < since || told.has(key)) return
    told.add(key)
    if (told.size > MOST_TOLD) told.delete(told.keys().next().value!)
    events.dispatchEvent(new CustomEvent('failure', { detail: failure }))
    window.dispatchEvent(new CustomEvent('outrigger:failure', { detail: failure }))
  }

  function tell(): void {
    timer = undefined
    const status = board.status()
    const now = JSON.stringify(status)
    if (now === before) return
    before = now
    status.failures.forEach(announce)
    for (const listener of listeners) listener(status)
  }

  const board: StatusBoard = {
    status: () => joinStatus(sources(), problems, failures),
    changed() {
      if (timer === undefined) timer = setTimeout(tell, TOGETHER_MS)
    },
    problem(problem) {
      // Nobody's mistake: private mode, an old browser.
      console[problem.code === 'no-worker' ? 'warn' : 'error'](`Outrigger: ${hideSecrets(problem.message)}`)
      problems.push(problem)
      board.changed()
    },
    failure(record) {
      if (failures.push(record) > MOST_FAILURES) failures.shift()
      board.changed()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    events,
  }
  return board
}
