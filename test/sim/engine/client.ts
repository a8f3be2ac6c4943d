import { createFailover } from '../../../src/core/failover.ts'
import type { CoreOptions } from '../../../src/core/options.ts'
import type { Clock, Random, Sending } from '../../../src/core/ports.ts'
import type { ServerList } from '../../../src/core/types.ts'
import { callOf } from '../../support/client.ts'
import type { Network } from './network.ts'

/** What a page sees of one request: any answer's status, or 0 for none. */
export type Settle = (status: number) => void

/** One page's way to its servers. */
export interface Client {
  fetch(settle: Settle): Sending
  /** The core, if it is one. */
  core?: ReturnType<typeof createFailover>
}

export interface Surroundings {
  clock: Clock
  random: Random
  network: Network
}

/** Makes client number `index`, with a chance of its own. */
export type MakeClient = (surroundings: Surroundings, index: number) => Client

/** A client of ours: the very core that the package ships. */
export function ours(list: ServerList, options: CoreOptions = {}, url = 'https://app.example/api/read'): MakeClient {
  // The same read, over and over.
  const call = callOf(url)
  return ({ clock, random, network }) => {
    const core = createFailover(
      { own: 'https://app.example', apiPath: '/api/', ...options },
      { clock, random, transport: network.transport() },
    )
    core.use(list)
    return {
      core,
      fetch: settle => core.fetch(call, outcome => settle('error' in outcome ? 0 : outcome.answer.status)),
    }
  }
}
