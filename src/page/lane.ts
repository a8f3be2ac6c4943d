import type { FailureRecord } from '../core/errors.ts'
import type { ToWorker } from '../core/messages.ts'
import type { Status } from '../core/status.ts'
import type { Carrier } from './carry.ts'
import type { Late } from './late.ts'
import type { Streams } from './streams.ts'

/**
 * Who answers a call of the page: the engine alone (`plain`), the engine with a worker told to keep
 * out (`pass`), the worker, or the page's own cover.
 */
export type Way = 'plain' | 'pass' | 'worker' | 'cover'

/** What the wrapped `fetch` and XHR ask about each call. */
export interface Lane {
  /** Relative URLs are meant from here. */
  base(): string
  way(url: URL): Way
  /** The cover if it is there already. */
  cover(): Carrier | undefined
  /** When it is; `undefined` if it cannot come. */
  arrived: Promise<Carrier | undefined>
  streams: Streams
  /** Tells the worker that the write marked `id` goes out now. */
  sent(id: string): void
  /** Tells the worker that the page gave up the call marked `id`. */
  gaveUp(id: string): void
  /** Says something to the worker and waits for its status; false if none came. */
  ask(message: ToWorker): Promise<boolean>
  status(): Status
  /** What the page side has in a file of its own. */
  late(): Promise<Late>
  /** Tells of a call that ended here, without the worker or the cover. */
  failure(record: FailureRecord): void
  /** The worker's life, as known now. */
  life(): string | undefined
  /** True if the worker has died and started again since `life`, and this URL may be asked twice. */
  revived(life: string | undefined, url: string): Promise<boolean>
}

/** The absolute URL of what `fetch` or `open` got, or nothing if it is none. */
export function urlOf(input: unknown, base: string): URL | undefined {
  try {
    return new URL(input instanceof Request ? input.url : String(input), base)
  } catch {
    return undefined
  }
}
