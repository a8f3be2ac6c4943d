import { createBoard } from './board.ts'
import { createBucket } from './call/bucket.ts'
import { type Execution, execute } from './call/execute.ts'
import { kindOf, pathOf } from './call/kind.ts'
import { isRead } from './call/repeat.ts'
import { createRescue } from './call/rescue.ts'
import { type Kinds, useKind } from './call/samples.ts'
import type { Charge, World } from './call/world.ts'
import { createCourt } from './health/court.ts'
import { diagnose } from './health/diagnosis.ts'
import { createFleet } from './health/fleet.ts'
import { look, type Verdict } from './health/look.ts'
import { createProbes } from './health/probes.ts'
import { createSlots } from './health/slots.ts'
import { createWitnesses } from './health/witness.ts'
import { type Memory, readMemory } from './memory.ts'
import { type CoreOptions, defaults, type Tuning } from './options.ts'
import { lacksCredentials, mayTake, sortForUse } from './pick/candidates.ts'
import { askedPeer, orderServers, urlOn } from './pick/order.ts'
import { noWrites, stayWith, wrote } from './pick/sticky.ts'
import type { Ports, Sending } from './ports.ts'
import type { CoreStatus, Problem } from './status.ts'
import type { Call, Outcome, Peer, ServerList, State } from './types.ts'
import { createUpkeep } from './upkeep.ts'

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
  /** Probes the server of `url` if it was not heard from lately, so that a write need not wait. */
  warm(url: string): void
  /** False while the server of `url` is ejected, backed off or suspect. */
  inService(url: string): boolean
  /** Shows a problem in the status, once per code and message; `undefined` as message takes all of that code away. */
  problem(code: Problem['code'], message: string | undefined): void
  status(): CoreStatus
  /** Calls `listener` after every change of the status. Returns how to stop. */
  subscribe(listener: () => void): () => void
}

/** How long one read may be the trial of a returning server, and a mirror that refused us is left alone. */
const TRIAL_MS = 10_000
const REFUSED_MS = 60_000

/** Joins the rules into one client. It decides nothing itself. */
export function createFailover(options: CoreOptions, ports: Ports): Failover {
  const { clock, random, transport } = ports
  const tuning: Tuning = { ...defaults, ...options.tuning }
  const now = () => clock.now()

  let list: ServerList | undefined
  let ordered: Peer[] = []
  let salt = Array.from({ length: 4 }, () => Math.floor(random() * 2 ** 32).toString(36)).join('')
  let writes = noWrites()
  let fresh = true
  let lastAsked: Peer | undefined
  const kinds: Kinds = new Map()
  const active = new Set<Execution>()
  const peers = new Map<string, Peer>()
  const trials = new Map<string, number>()
  const refused = new Map<string, number>()
  const charges = new Map<string, Charge>()
  const acquittedAt = new Map<string, number>()
  const evidence = new Map<string, number>()
  const answeredAt = new Map<string, number>()

  // ---- health

  const board = createBoard(() => fleet)
  const witnesses = createWitnesses(now)
  const slots = createSlots(tuning.connections, now)
  const fleet = createFleet({
    now,
    random,
    tuning,
    changed(what) {
      ports.changed?.(what === 'verdict')
      if (what !== 'life') board.changed()
    },
    ejected(id, cause) {
      upkeep.again((fleet.of(id).out?.until ?? 0) - now())
      for (const execution of [...active]) execution.ejected(id, cause === 'dead')
    },
  })
  const probePorts = { clock, transport, tuning, stamp: witnesses.stamp }
  const probes = createProbes({
    ...probePorts,
    target: probeTarget,
    answered(peer, probed, good) {
      signOfLife(peer, probed.stamp, good)
      fleet.returnProbe(peer.id, good)
    },
  })
  const outsiders = createProbes({
    ...probePorts,
    target: peer => ({ url: peer.id, method: 'GET' }),
    answered: (peer, probed) => witnesses.answered(peer.origin, probed.stamp),
  })
  const court = createCourt({ clock, tuning, fleet, probes, witnesses, slots, others, acquitted })
  const upkeep = createUpkeep(clock, fleet, probes, id => peers.get(id))

  function signOfLife(peer: Peer, stamp: number, good: boolean): void {
    const first = fleet.heardAny() === 0
    witnesses.answered(peer.origin, stamp)
    fleet.heard(peer.id, good)
    if (first) board.changed()
    if (good) board.trouble(undefined)
    court.hear()
  }

  function probeTarget(peer: Peer): { url: string; method: 'GET' | 'HEAD' } {
    if (list?.probe) return { url: new URL(list.probe.replace(/^\/(?!\/)/, ''), peer.id).href, method: 'GET' }
    return { url: new URL((options.apiPath ?? '/').replace(/^\//, ''), peer.id).href, method: 'HEAD' }
  }

  function acquitted(peer: Peer): void {
    acquittedAt.set(peer.id, now())
    if (charges.get(peer.id) === 'failed' && !isOwn(peer) && peer.server) {
      refused.set(peer.id, now() + REFUSED_MS)
      board.problem('cors', `${peer.id} lives but refuses this page: it must answer Access-Control-Allow-Origin`)
    }
    for (const execution of [...active]) execution.acquitted(peer.id)
  }

  /** No CORS stands between the page and this server. */
  function isOwn(peer: Peer): boolean {
    return options.own === undefined || peer.origin === options.own
  }

  // ---- picking

  function askedOf(url: string): Peer {
    const peer = askedPeer(url, ordered)
    if (!peers.has(peer.id)) {
      peers.set(peer.id, peer)
      fleet.of(peer.id)
    }
    return peer
  }

  function policyOrder(asked: Peer): Peer[] {
    if (list && list.policy !== 'primary') return ordered
    return [asked, ...ordered.filter(peer => peer.id !== asked.id)]
  }

  function order(call: Call, read: boolean, asked: Peer): Peer[] {
    const able = policyOrder(asked).filter(peer => mayTake(peer, call, read, asked))
    const first = able[0]
    const onTrial = read && first && fleet.fit(first.id) && now() - (trials.get(first.id) ?? 0) > TRIAL_MS
    for (const peer of able.slice(1)) if (fleet.fit(peer.id)) fleet.readmit(peer.id)
    const sorted = sortForUse(
      able,
      peer =>
        onTrial && peer === first
          ? 'in-service'
          : (refused.get(peer.id) ?? 0) > now()
            ? 'backed-off'
            : fleet.stateOf(peer.id),
      peer => fleet.of(peer.id).out?.since ?? 0,
    )
    const stay = stayWith(writes, pathOf(call.url), read, tuning.afterWriteMs, now())
    const there = stay ? sorted.find(peer => peer.id === stay && fleet.inService(stay)) : undefined
    return there && there !== sorted[0] ? [there, ...sorted.filter(peer => peer !== there)] : sorted
  }

  // ---- what a request sees

  const world: World = {
    tuning,
    clock,
    transport,
    bucket: createBucket(tuning),
    rescue: createRescue(tuning, clock),
    overtake: options.overtake !== false,
    stamp: witnesses.stamp,
    witnessed: witnesses.against,
    order: (call, nature, asked) => order(call, nature === 'read' || isRead(call.method), asked),
    lacksCredentials(call, asked) {
      const lacking = ordered.filter(peer => peer.id !== asked.id && lacksCredentials(peer, call))
      for (const { id } of lacking) {
        board.problem(
          'credentials',
          `${id} gets no requests with Authorization: add "credentials": "headers" to it in the list`,
        )
      }
      return lacking.length > 0
    },
    urlOn,
    kind: call => useKind(kinds, kindOf(call.method, call.url)),
    places: slots,
    inService: peer => fleet.inService(peer.id) && (refused.get(peer.id) ?? 0) <= now(),
    isOut: peer => !['in-service', 'suspect'].includes(fleet.stateOf(peer.id)),
    heardAt: peer => fleet.of(peer.id).heardAt,
    heardAny: fleet.heardAny,
    keepsWaiting: peer => slots.oldest(peer.origin) >= tuning.lookAfterMs,
    wroteLately: () => stayWith(writes, '', true, tuning.afterWriteMs, now()) !== undefined,
    wrote: (peer, call, moved) => wrote(writes, peer, pathOf(call.url), moved, now()),
    sending(peer) {
      if (fleet.fit(peer.id)) trials.set(peer.id, now())
    },
    heard(peer, stamp, answer) {
      answeredAt.set(peer.id, now())
      signOfLife(peer, stamp, answer.status < 500 && answer.status !== 429)
    },
    answered(peer, sentAt) {
      trials.delete(peer.id)
      fleet.answer(peer.id, false)
      const { out } = fleet.of(peer.id)
      if (out && sentAt > out.since) fleet.readmit(peer.id)
    },
    bettered(peer) {
      if (charges.get(peer.id) !== 'failed' || isOwn(peer)) fleet.answer(peer.id, true)
    },
    accuse(peer, stamp, charge) {
      charges.set(peer.id, charge)
      if (charge === 'failed') fleet.suspect(peer.id)
      if (trials.delete(peer.id)) fleet.putOff(peer.id)
      // Who answers 5xx lives: one probe a second is enough, or a failing API would get twice its load.
      court.accuse(peer, stamp, charge === 'error' ? 0 : stamp)
    },
    backOff: (peer, ms) => fleet.backOff(peer.id, ms * (1 + 0.2 * random())),
    lostRace(peer, sentAt) {
      if (trials.delete(peer.id)) return fleet.putOff(peer.id)
      if (!fleet.lostRace(peer.id) || (answeredAt.get(peer.id) ?? 0) > sentAt) return
      board.problem(
        'shallow-probe',
        `${peer.id} answers its probe while its API hangs: the probe must pass the same queue and database`,
      )
    },
    ejections: fleet.ejections,
    evidence(peer, change) {
      const open = (evidence.get(peer.id) ?? 0) + change
      evidence.set(peer.id, open)
      if (open > 0 || now() - (acquittedAt.get(peer.id) ?? 0) > tuning.verdictMs) return
      for (const execution of [...active]) execution.acquitted(peer.id)
    },
    evidenceOpen: peer => (evidence.get(peer.id) ?? 0) > 0,
    probe: probes.ask,
    look: (waiting, end) => look(lookPorts, waiting, end),
    diagnose: (stamp, end) => whoseFault(stamp, end),
    failed: board.failed,
  }
  const lookPorts = { fleet, probes, witnesses, slots, tuning }

  function whoseFault(stamp: number, end: (state: State) => void): void {
    const declared = list?.witnesses ?? []
    let silent = 0
    let left = declared.length
    const verdict = () => {
      const answered = witnesses.since(stamp)
      const evidence = { answered, online: transport.online(), witnesses: declared.length, silentWitnesses: silent }
      const state = diagnose(evidence)
      // Servers that answer others are not down because of one request.
      const serves = [...fleet.records.keys()].some(fleet.inService)
      board.trouble(state === 'server-down' && serves ? undefined : state)
      end(state)
    }
    if (left === 0 || witnesses.since(stamp)) return verdict()
    for (const url of declared) {
      outsiders.ask({ id: url, origin: new URL(url).origin }, tuning.probeTimeoutMs, stamp, probed => {
        if (probed.status === undefined) silent++
        if (--left === 0) verdict()
      })
    }
  }

  // ---- the surface

  function others(peer: Peer): Peer[] {
    return sortForUse(
      ordered.filter(other => other.id !== peer.id),
      other => fleet.stateOf(other.id),
      other => fleet.of(other.id).out?.since ?? 0,
    )
  }

  function lookAt(url: string, end: (verdict: Verdict) => void): void {
    const peer = askedOf(url)
    look(lookPorts, { peer, stamp: witnesses.stamp(), others: others(peer) }, end)
  }

  return {
    fetch(call, settle) {
      fresh = false
      const asked = askedOf(call.url)
      lastAsked = asked
      upkeep.used()
      const next = policyOrder(asked)[1]
      if (next) upkeep.acquaint(next, random)
      const execution = execute(world, call, asked, outcome => {
        active.delete(execution)
        settle(outcome)
      })
      active.add(execution)
      execution.start()
      return {
        abort() {
          active.delete(execution)
          execution.abort()
        },
      }
    },
    use(next) {
      list = next
      ordered = orderServers(
        next.servers.filter(server => server.transport === 'auto' || server.transport === 'cors'),
        salt,
      )
      Object.assign(tuning, defaults, next.defaults, options.tuning)
      const unlisted = [...peers.values()].filter(peer => !peer.server && askedPeer(peer.id, ordered).id === peer.id)
      peers.clear()
      for (const peer of [...ordered, ...unlisted]) peers.set(peer.id, peer)
      fleet.enlist([...peers.keys()])
      ports.changed?.(true)
      board.changed()
    },
    list: () => list,
    restore(saved) {
      const memory = readMemory(saved)
      fleet.restore(memory.servers)
      if (fresh) {
        salt = memory.salt ?? salt
        writes = memory.writes ?? writes
        world.bucket.tokens = Math.min(memory.tokens ?? world.bucket.tokens, tuning.tokensMax)
        for (const [name, kind] of memory.kinds) if (!kinds.has(name)) kinds.set(name, kind)
        if (list)
          ordered = orderServers(
            ordered.map(peer => peer.server!),
            salt,
          )
      }
      board.changed()
    },
    memory: () => ({
      v: 1,
      salt,
      writes,
      tokens: world.bucket.tokens,
      kinds: [...kinds],
      servers: Object.fromEntries(fleet.records),
    }),
    heard(url, sentAt, status) {
      witnesses.answered(new URL(url).origin, sentAt)
      const { id } = askedPeer(url, ordered)
      const good = status < 500 && status !== 429
      const first = fleet.heardAny() === 0
      fleet.heardElsewhere()
      if (first) board.changed()
      if (fleet.records.has(id)) {
        fleet.heard(id, good)
        fleet.returnProbe(id, good)
      }
      if (good) board.trouble(undefined)
      court.hear()
      upkeep.used()
    },
    look: lookAt,
    warm(url) {
      const peer = askedOf(url)
      upkeep.used()
      if (ordered.length > 0 && !fleet.heardWithin(peer.id, tuning.heardWithinMs)) {
        probes.ask(peer, tuning.probeTimeoutMs, 0, () => {})
      }
    },
    inService(url) {
      const { id } = askedPeer(url, ordered)
      return !fleet.records.has(id) || fleet.inService(id)
    },
    problem: board.problem,
    status(): CoreStatus {
      const ids = [...peers.keys()]
      const own = lastAsked ?? (options.own ? askedPeer(`${options.own}/`, ordered) : ordered[0])
      const current =
        own &&
        sortForUse(
          policyOrder(own),
          peer => fleet.stateOf(peer.id),
          () => 0,
        )[0]
      return board.status(ids, current?.id)
    },
    subscribe: board.subscribe,
  }
}
