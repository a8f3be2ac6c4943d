import { createFailover, type Failover } from './failover.ts'
import { createKeeper, type Keeper, type KeeperOptions, type KeeperPorts } from './keeper.ts'
import type { CoreOptions } from './options.ts'
import type { Ports } from './ports.ts'
import type { Status } from './status.ts'

/** The core together with its list. */
export interface Client
  extends Pick<Failover, 'fetch' | 'list' | 'subscribe' | 'forbid'>,
    Pick<Keeper, 'refresh' | 'refreshIfOld'> {
  status(): Status
}

/**
 * Joins the rules and the keeper of the list, where nothing is remembered between two lives.
 * Servers that cannot be used are told of in the status; then only the asked server is asked.
 */
export function createClient(
  rules: CoreOptions,
  list: KeeperOptions,
  ports: Ports & Pick<KeeperPorts, 'fetchText'>,
): Client {
  const failover = createFailover(rules, ports)
  const keeper = keeperOrNone()
  return {
    ...failover,
    status: () => ({ ...failover.status(), list: keeper?.status() }),
    refresh: async () => keeper?.refresh(),
    refreshIfOld: () => keeper?.refreshIfOld(),
  }

  function keeperOrNone(): Keeper | undefined {
    try {
      return createKeeper(list, { ...ports, ...failover })
    } catch (error) {
      failover.problem('list', (error as Error).message)
      return undefined
    }
  }
}
