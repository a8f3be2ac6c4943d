import type { Board } from './board.ts'
import type { Execution } from './call/execute.ts'
import type { Loser } from './call/world.ts'
import type { Court } from './health/court.ts'
import type { Fleet } from './health/fleet.ts'
import type { Charge, Standing } from './health/standing.ts'
import type { Tuning } from './options.ts'
import type { Outgoing, Random, Transport } from './ports.ts'
import type { Peer } from './types.ts'

/** How long a mirror is asked last for what it refused. */
const REFUSED_MS = 300_000

/** What requests tell of the servers they were sent to. */
export interface Reports {
  /** A try goes out to it. */
  sending(peer: Peer): void
  /** Its answer to something sent at `sentAt` was taken. */
  answered(peer: Peer, sentAt: number): void
  /** Another server answered well what this one failed. */
  bettered(peer: Peer): void
  accuse(peer: Peer, charge: Charge, doubt?: Outgoing): void
  /** Its answer shows nothing of these headers, which the asked server's have. */
  hides(peer: Peer, headers: readonly string[]): void
  /** It asked to be left alone for this long. */
  backOff(peer: Peer, ms: number): void
  /** It clearly lost a race. */
  lostRace(loser: Loser): void
  /** One request more, or one less, is under way elsewhere because this server failed it. */
  evidence(peer: Peer, change: 1 | -1): void
  evidenceOpen(peer: Peer): boolean
  /** It answered its probe: whatever failed, it lives. */
  acquitted(peer: Peer): void
}

export interface ReportsPorts {
  now(): number
  random: Random
  transport: Transport
  tuning: Tuning
  fleet: Fleet
  board: Board
  standing(id: string): Standing
  court(): Court
  executions: ReadonlySet<Execution>
  /** No CORS stands between the page and this server. */
  isOwn(peer: Peer): boolean
}

export function createReports(ports: ReportsPorts): Reports {
  const { now, random, transport, tuning, fleet, board, standing, court, executions, isOwn } = ports

  /** True for a returning server's trial, which has failed: the server is put off. */
  function failsTrial({ id }: Peer): boolean {
    const own = standing(id)
    if (!own.trialAt) return false
    own.trialAt = 0
    fleet.putOff(id)
    return true
  }

  /** Lives, but a request failed at once: refused by CORS, or broken. */
  function examine(peer: Peer, doubt: Outgoing): void {
    const { id } = peer
    const own = standing(id)
    own.doubt = undefined
    own.examined = true
    transport.examine(doubt, found => {
      own.examined = false
      tellAcquitted(peer, found.length > 0)
      if (found.length === 0) return fleet.answer(id, true)
      own.refused = found.concat(own.refusedUntil > now() ? own.refused : [])
      own.refusedUntil = now() + REFUSED_MS
      for (const line of found)
        board.problem('cors', `${id} refuses this page: it must answer Access-Control-Allow-${line}`)
    })
  }

  function tellAcquitted({ id }: Peer, refused = false): void {
    for (const execution of executions) execution.acquitted(id, refused)
  }

  return {
    sending({ id }) {
      if (fleet.fit(id)) standing(id).trialAt = now()
    },
    answered({ id }, sentAt) {
      const own = standing(id)
      own.trialAt = own.accused = 0
      fleet.answer(id, false)
      const { out } = fleet.of(id)
      if (out && sentAt > out.since) fleet.readmit(id)
    },
    bettered(peer) {
      if (standing(peer.id).charge !== 'failed' || isOwn(peer)) fleet.answer(peer.id, true)
    },
    accuse(peer, charge, doubt) {
      const own = standing(peer.id)
      own.charge = charge
      own.doubt = doubt
      own.accused++
      if (!doubt || isOwn(peer)) own.erredAt = now()
      if (charge !== 'error') fleet.suspect(peer.id)
      failsTrial(peer)
      // Who answers 5xx lives: one probe a second is enough, or a failing API would get twice its load.
      court().accuse(peer, charge === 'error' ? 0 : Number.POSITIVE_INFINITY)
    },
    hides: ({ id }, headers) =>
      board.problem('cors', `${id} must answer Access-Control-Expose-Headers: ${headers.join(', ')}`),
    backOff: ({ id }, ms) => fleet.backOff(id, ms * (1 + 0.2 * random())),
    lostRace({ peer, stamp, answer }) {
      const { id } = peer
      const isPrompt = standing(id).promptAt > stamp
      // What was sent later it answered soon, and gave no sign of life to this one.
      const lostAt = !answer && isPrompt && stamp
      const isOut = failsTrial(peer) || fleet.lostRace(id, lostAt)
      // All that was lost with it need not wait for a verdict on the server.
      if (lostAt && !isOut) for (const execution of executions) execution.lostAlong(id)
      if (!isOut || isPrompt) return
      board.problem('shallow-probe', `${id} answers its probe while its API hangs: let it pass the same queue`)
    },
    evidence(peer, change) {
      const own = standing(peer.id)
      own.evidence += change
      if (own.evidence <= 0 && now() - own.acquittedAt <= tuning.verdictMs) tellAcquitted(peer)
    },
    evidenceOpen: ({ id }) => standing(id).evidence > 0,
    acquitted(peer) {
      const own = standing(peer.id)
      own.acquittedAt = now()
      if (own.doubt && !isOwn(peer) && peer.server) examine(peer, own.doubt)
      // All whose requests failed hear the end of an examination.
      else if (!own.examined) tellAcquitted(peer)
    },
  }
}
