import type { Board } from './board.ts'
import { diagnose } from './health/diagnosis.ts'
import type { Fleet } from './health/fleet.ts'
import { createProbes } from './health/probes.ts'
import type { Witnesses } from './health/witness.ts'
import type { Tuning } from './options.ts'
import type { Clock, Transport } from './ports.ts'
import type { ServerList, State } from './types.ts'

export interface FaultPorts {
  clock: Clock
  transport: Transport
  tuning: Tuning
  stamp(): number
  quickMs(id: string): number
  witness: Witnesses
  fleet: Fleet
  board: Board
  list(): ServerList | undefined
}

/** Makes what tells whose fault it is that something sent at `stamp` got no answer: the declared witnesses are asked if need be. */
export function createWhoseFault(ports: FaultPorts): (stamp: number, end: (state: State) => void) => void {
  const { tuning, transport, witness, fleet, board } = ports
  const outsiders = createProbes({
    ...ports,
    target: ({ id }) => ({ url: id, method: 'GET' }),
    answered: (peer, probed) => witness.answered(peer.origin, probed.stamp),
  })

  return (stamp, end) => {
    const declared = ports.list()?.witnesses ?? []
    let silent = 0
    let left = declared.length
    const verdict = () => {
      const state = diagnose(witness.against('', stamp), transport.online(), declared.length, silent)
      // Servers that answer others are not down because of one request.
      const serves = [...fleet.records.keys()].some(fleet.inService)
      board.trouble(state === 'server-down' && serves ? undefined : state)
      end(state)
    }
    if (left === 0 || witness.against('', stamp)) return verdict()
    for (const url of declared) {
      outsiders.ask({ id: url, origin: new URL(url).origin }, tuning.probeTimeoutMs, stamp, probed => {
        if (probed.status === undefined) silent++
        if (--left === 0) verdict()
      })
    }
  }
}
