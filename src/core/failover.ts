import { createBoard } from './board.ts'
import { createBucket } from './call/bucket.ts'
import { type Execution, execute } from './call/execute.ts'
import { kindOf } from './call/kind.ts'
import { createRescue } from './call/rescue.ts'
import { type Kinds, useKind } from './call/samples.ts'
import { describe } from './call/tries.ts'
import type { World } from './call/world.ts'
import { createCourt } from './health/court.ts'
import { createFleet } from './health/fleet.ts'
import { look, type Verdict } from './health/look.ts'
import { createLull } from './health/lull.ts'
import { createProbes } from './health/probes.ts'
import { createSlots } from './health/slots.ts'
import { createStandings } from './health/standing.ts'
import { createWitnesses } from './health/witness.ts'
import { type Memory, readMemory } from './memory.ts'
import { type CoreOptions, defaults, type Tuning } from './options.ts'
import { urlOn } from './pick/order.ts'
import type { Ports, Sending } from './ports.ts'
import { createReports } from './reports.ts'
import { createServers } from './servers.ts'
import type { CoreStatus, Problem } from './status.ts'
import type { Call, Outcome, Peer, ServerList } from './types.ts'
import { createUpkeep } from './upkeep.ts'
import { createWhoseFault } from './whose-fault.ts'

/** A server not heard from yet is held to be as far away as the others are, and at least so far; in milliseconds. */
const QUICK_MS = 60

export type { Verdict }

/** The failover core of one client: every realm wraps this one. */
export interface Failover {
  /** Sends one call. `settle` is called exactly once, synchronously or later, unless `abort` came first. */
  fetch(call: Call, settle: (outcome: Outcome) => void): Sending
  /** Takes a list into use; the first one may come at any time, until then only the asked server is asked. */
  use(list: ServerList): void
  list(): ServerList | undefined
  /** Takes in what an earlier life, or another tab, remembered; anything unreadable in it is left out field by field. */
  restore(saved: unknown): void
  /** What must survive this process: plain data. */
  memory(): Memory
  /**
   * Tells of an answer (any status) to something sent by others than the core at `sentAt`:
   * a navigation, a shell file, a list. It is a witness, and below 500 a good probe of its server.
   */
  heard(url: string, sentAt: number, status: number): void
  /** Asks whether the server of `url` lives, as for a request that has waited too long. Shared, at most one probe a second. */
  look(url: string, end: (verdict: Verdict) => void): void
  /** Probes the server of `url` if it was not heard from lately, so that a write need not wait; then calls `end`. */
  warm(url: string, end?: () => void): void
  /** The Content-Security-Policy forbids requests like this one: its server is as if the list did not name it. */
  forbid(url: string): void
  /** False while the server of `url` is ejected, backed off or suspect. */
  inService(url: string): boolean
  /** Notes a write that an earlier life has sent: what became of it nobody can tell. */
  lost(call: Call): void
  /** Shows a problem in the status, once per code and message; `undefined` as message takes all of that code away. */
  problem(code: Problem['code'], message: string | undefined): void
  status(): CoreStatus
  /** Calls `listener` after every change of the status. Returns how to stop. */
  subscribe(listener: () => void): () => void
}

/** Joins the rules into one client. It decides nothing itself. */
export function createFailover(options: CoreOptions, ports: Ports): Failover {
  const { clock, random } = ports
  const { own, apiPath = '/' } = options
  const now = () => clock.now()
  const tuning: Tuning = { ...defaults, ...options.tuning }
  const executions = new Set<Execution>()
  const kinds: Kinds = new Map()
  const forbidden = new Set<string>()
  let fresh = true
  let lastUrl = own && `${own}/`

  // ---- who is there, and how they are

  const board = createBoard(() => fleet)
  const witness = createWitnesses(now)
  const slots = createSlots(tuning.connections, now)
  const standing = createStandings()
  const fleet = createFleet({
    now,
    random,
    tuning,
    changed(what) {
      ports.changed?.(what === 'verdict')
      if (what !== 'life') board.changed()
    },
    ejected(id, cause, status) {
      upkeep.again((fleet.of(id).out?.until ?? 0) - now())
      for (const execution of executions) execution.ejected(id, cause === 'dead' && !status)
    },
  })
  const lull = createLull(now, fleet.heardAny)
  const servers = createServers({ ...ports, now, tuning, fleet, standing })
  const quickMs = (id: string) =>
    fleet.records.get(id)?.quickMs || Math.max(QUICK_MS, ...[...fleet.records.values()].map(({ quickMs }) => quickMs))
  const parts = {
    ...ports,
    now,
    quickMs,
    tuning,
    stamp: witness.stamp,
    witness,
    slots,
    lull,
    standing,
    fleet,
    servers,
    board,
  }
  const probes = createProbes({
    ...parts,
    target: peer => servers.probe(peer, apiPath),
    answered: (peer, { stamp }, good) => answeredProbe(peer, stamp, good),
  })
  const reports = createReports({
    ...parts,
    executions,
    court: () => court,
    isOwn: ({ origin }) => own === undefined || origin === own,
  })
  const court = createCourt({ ...parts, probes, others: servers.others, acquitted: reports.acquitted })
  const upkeep = createUpkeep(clock, fleet, probes, servers.known)

  function useAllowed(list: ServerList): void {
    servers.use({ ...list, servers: list.servers.filter(({ url }) => !forbidden.has(new URL(url).origin)) })
  }

  /** A sign of life, to be told wherever somebody waits for one. */
  function alive({ id, origin }: Peer, stamp: number, good: boolean): void {
    const first = fleet.heardAny() === 0
    witness.answered(origin, stamp)
    fleet.heard(id, good, now() - stamp)
    if (first) board.changed()
    if (good) board.trouble(undefined)
    court.hear(origin)
  }

  function answeredProbe(peer: Peer, stamp: number, good: boolean): void {
    alive(peer, stamp, good)
    fleet.returnProbe(peer.id, good)
  }

  // ---- what a request sees

  const world: World = {
    ...parts,
    probes,
    reports,
    bucket: createBucket(tuning),
    races: createBucket(tuning),
    rescue: createRescue(tuning, clock),
    overtake: options.overtake !== false,
    urlOn,
    kind: ({ method, url }) => useKind(kinds, kindOf(method, url)),
    lacksCredentials(call, asked) {
      const lacking = servers.lacking(call, asked)
      for (const { id } of lacking)
        board.problem('credentials', `${id} gets no Authorization: add "credentials": "headers" to it in the list`)
      return lacking.length > 0
    },
    heard(peer, stamp, { status }) {
      const good = isGood(status)
      if (good && now() - stamp < tuning.overtakeAfterMs) {
        standing(peer.id).promptAt = stamp
        const [, next] = servers.inPolicyOrder(servers.asked(lastUrl!))
        if (next) upkeep.acquaint(next, random)
      }
      alive(peer, stamp, good)
    },
    pauseMs: lull.pauseMs,
    look: (waiting, end) => look({ ...parts, probes, recheck: court.recheck }, waiting, end),
    diagnose: createWhoseFault({ ...parts, list: servers.list }),
    failed: board.failed,
  }

  // ---- the surface

  return {
    fetch(call, settle) {
      fresh = false
      lastUrl = call.url
      const asked = servers.asked(call.url)
      upkeep.used()
      const execution = execute(world, call, asked, outcome => {
        executions.delete(execution)
        settle(outcome)
      })
      executions.add(execution)
      execution.start()
      return {
        abort() {
          executions.delete(execution)
          execution.abort()
        },
      }
    },
    use(list) {
      Object.assign(tuning, defaults, list.defaults, options.tuning)
      useAllowed(list)
      board.problem('cors', undefined)
      ports.changed?.(true)
      board.changed()
    },
    list: servers.list,
    lost(call) {
      const tries = [{ server: servers.named(call.url).id, ms: 0, reason: 'worker stopped' }]
      board.failed({ ...describe('unrepeatable', call, tries, now(), now()), sent: 'unknown' })
    },
    restore(saved) {
      const memory = readMemory(saved)
      fleet.restore(memory.servers)
      if (fresh) {
        servers.restore(memory)
        for (const [bucket, tokens] of [
          [world.bucket, memory.tokens],
          [world.races, memory.races],
        ] as const)
          bucket.tokens = Math.min(tokens ?? bucket.tokens, tuning.tokensMax)
        for (const [name, kind] of memory.kinds) if (!kinds.has(name)) kinds.set(name, kind)
      }
      board.changed()
    },
    memory: () => ({
      v: 1,
      ...servers.memory(),
      tokens: world.bucket.tokens,
      races: world.races.tokens,
      kinds: [...kinds],
      servers: Object.fromEntries(fleet.records),
    }),
    heard(url, sentAt, status) {
      answeredProbe(servers.named(url), sentAt, isGood(status))
      upkeep.used()
    },
    look(url, end) {
      const peer = servers.asked(url)
      world.look({ peer, stamp: witness.stamp(), others: servers.others(peer), long: true }, end)
    },
    warm(url, end = () => {}) {
      const peer = servers.asked(url)
      upkeep.used()
      if (!servers.list() || fleet.heardWithin(peer.id, tuning.heardWithinMs)) end()
      else probes.ask(peer, tuning.probeTimeoutMs, 0, end)
    },
    forbid(url) {
      const { origin } = new URL(url)
      const list = servers.list()
      const server = list?.servers.find(({ url }) => url.startsWith(`${origin}/`))
      if (!server) return
      forbidden.add(origin)
      useAllowed(list!)
      for (const execution of executions) execution.acquitted(server.url, true)
      board.problem('csp', `Content-Security-Policy needs connect-src ${origin}`)
    },
    inService(url) {
      const { id } = servers.named(url)
      return !fleet.records.has(id) || fleet.inService(id)
    },
    problem: board.problem,
    status: () => board.status(servers.ids(), servers.current(lastUrl)?.id),
    subscribe: board.subscribe,
  }
}

function isGood(status: number): boolean {
  return status < 500 && status !== 429
}
