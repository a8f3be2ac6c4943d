import type { EngineName } from '../engines/find.mjs'
import type { Kit, Seen } from './kit.ts'
import type { Notice } from './notices.ts'
import type { XhrKit } from './xhr-kit.ts'

/** One thing that a page may do, and everything that it can tell of it. */
export interface Case {
  /** A sentence, together with "looks as without a worker". */
  name: string
  /** Runs inside the page, by its source: it may use its `kit` and the page's globals, nothing else. */
  run(kit: Kit & XhrKit): Promise<Seen>
  /** What the page can tell nevertheless. */
  exceptions?: Exception[]
  /** What the list lets the mirror have. Default `include`. */
  credentials?: 'omit' | 'include'
  /** Limit in ms for one run; it counts as hung then. Default 10,000. */
  limitMs?: number
  /** Only runs when the long versions are wanted. */
  full?: boolean
}

/** Something that differs: the test fails if it does not. */
export interface Exception {
  /** Where in what the case has seen, such as `headers/x-own`; empty: all of it. */
  at: string
  because: Notice
  /**
   * `dead`: with the primary dead. `any worker`: always, and with the primary healthy it is the same as
   * with a worker that only passes through. `ours`: always, and by design. Default `dead`.
   */
  when?: 'dead' | 'any worker' | 'ours'
  /** Default: all. */
  engines?: EngineName[]
}
