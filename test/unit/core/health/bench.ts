import { createFleet } from '../../../../src/core/health/fleet.ts'
import { createLull } from '../../../../src/core/health/lull.ts'
import { createProbes } from '../../../../src/core/health/probes.ts'
import { createSlots, type Slot } from '../../../../src/core/health/slots.ts'
import { createStandings } from '../../../../src/core/health/standing.ts'
import { createWitnesses } from '../../../../src/core/health/witness.ts'
import { defaults } from '../../../../src/core/options.ts'
import { scriptedNetwork } from '../../../support/scripted-network.ts'
import { seeded } from '../../../support/seeded.ts'
import { virtualClock } from '../../../support/virtual-clock.ts'
import { peer } from '../pick/peers.ts'

export const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(name => peer(`https://${name}.example/`)) as [
  ReturnType<typeof peer>,
  ReturnType<typeof peer>,
  ReturnType<typeof peer>,
  ReturnType<typeof peer>,
]

/** All parts of health around four scripted servers that only take probes; `changes` and `ejected` keep what was told. */
export function bench(servers = [a, b, c, d]) {
  const clock = virtualClock()
  const tuning = { ...defaults }
  const net = scriptedNetwork(
    clock,
    servers.map(({ origin }) => origin),
  )
  const changes: string[] = []
  const ejected: string[] = []
  const fleet = createFleet({
    now: clock.now,
    random: seeded(1),
    tuning,
    changed: what => changes.push(what),
    ejected: (id, cause) => ejected.push(`${id} ${cause}`),
  })
  fleet.enlist(servers.map(({ id }) => id))
  const witness = createWitnesses(clock.now)
  const slots = createSlots(tuning.connections, clock.now)
  const heard: ((origin: string) => void)[] = []
  const probes = createProbes({
    clock,
    transport: net,
    tuning,
    stamp: witness.stamp,
    quickMs: id => fleet.of(id).quickMs,
    target: ({ id }) => ({ url: `${id}healthz`, method: 'GET' }),
    answered(server, probed, good) {
      witness.answered(server.origin, probed.stamp)
      fleet.heard(server.id, good, probed.ms)
      for (const then of heard) then(server.origin)
    },
  })
  const script = (server: { origin: string }, probe: 'ok' | 'refuse' | 'hang') => {
    net.servers[server.origin]!.probe = probe
  }
  /** Which servers were probed, in order. */
  const probed = () => net.probes.map(hit => `${hit.server}/`)
  const standing = createStandings()
  const lull = createLull(clock.now, fleet.heardAny)
  return { clock, tuning, net, changes, ejected, fleet, witness, slots, lull, standing, probes, heard, script, probed }
}

/** A request open to an origin; `fast`: its kind is known to be faster than any age. */
export function slot(fast = false): Slot & { starts: number } {
  const one = { starts: 0, leavesRoom: () => fast, started: () => void one.starts++ }
  return one
}
