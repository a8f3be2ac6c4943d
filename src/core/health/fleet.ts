import { isWithin } from '../moments.ts'
import type { Tuning } from '../options.ts'
import type { Random } from '../ports.ts'
import type { ServerState } from '../types.ts'
import { eject, mayEject, noteAnswer, noteLostRace, noteReturnProbe, putOff } from './ejection.ts'
import { type Cause, newRecord, readRecord, type ServerRecord, stateOf } from './record.ts'

/** Longest that a server's own word (`Retry-After`) keeps it away. */
const BACK_OFF_MAX_MS = 300_000

/** What the client knows of all its servers, and what changes it. */
export interface Fleet {
  /** Records of the servers that are known now; the others' are kept aside. */
  readonly records: Map<string, ServerRecord>
  /** Makes these ids the whole fleet; what was known of those that stay is kept. */
  enlist(ids: readonly string[]): void
  of(id: string): ServerRecord
  stateOf(id: string): ServerState
  /** Ready for new work, as far as we know. */
  inService(id: string): boolean
  /** Ejected, or backed off on its own word. */
  isOut(id: string): boolean
  heardWithin(id: string, ms: number): boolean
  /** When any server was last heard from, or somebody else who proves the network. */
  heardAny(): number
  /** A sign of life after so long. A *good* one (below 500, not 429) ends a suspicion. Of somebody unknown it only proves the network. */
  heard(id: string, good: boolean, ms: number): void
  /** A server outside its ejection time answered, or did not: two good ones bring it back. */
  returnProbe(id: string, good: boolean): void
  /** Good probes are enough: it may have one read, and after that all. */
  fit(id: string): boolean
  readmit(id: string): void
  putOff(id: string): void
  suspect(id: string): void
  /**
   * Takes a server out if the rules allow. Returns whether it is out now.
   * With the `status` of a probe that it answered badly it is as good as dead for what comes, but what it works on may go on.
   */
  eject(id: string, cause: Cause, status?: number): boolean
  backOff(id: string, ms: number): void
  /** Its answer was good, or was bettered by another server; may eject it as erring. */
  answer(id: string, bettered: boolean): void
  /** It clearly lost a race; may eject it as slow. Returns whether it did. `lostAt`: see `noteLostRace`. */
  lostRace(id: string, lostAt?: number | false): boolean
  /** Ejections so far in this life: a request may be tried once more for each. */
  ejections(): number
  restore(saved: unknown): void
}

export type Change = 'life' | 'state' | 'verdict'

export interface FleetPorts {
  now(): number
  random: Random
  tuning: Tuning
  /** Something changed: a sign of life, what a server's state is, or a verdict, which others must hear of at once. */
  changed(what: Change): void
  /** A server went out, or is found dead that was out for less; `status`: see `Fleet.eject`. */
  ejected(id: string, cause: Cause, status?: number): void
}

export function createFleet(ports: FleetPorts): Fleet {
  const { now, random, tuning } = ports
  const records = new Map<string, ServerRecord>()
  // Kept for a server that leaves the list and comes back, and for what is restored before the list is there.
  const aside = new Map<string, ServerRecord>()
  let heardAny = 0
  let ejections = 0

  function of(id: string): ServerRecord {
    let record = records.get(id)
    if (!record) {
      record = aside.get(id) ?? newRecord()
      aside.delete(id)
      records.set(id, record)
    }
    return record
  }

  function state(id: string): ServerState {
    return stateOf(of(id), now())
  }

  function outNow(id: string, cause: Cause, status?: number): boolean {
    const record = of(id)
    const { out } = record
    if (out && now() < out.until) {
      // Who erred, or was slow, may turn out to be dead.
      if (cause !== 'dead' || out.cause === cause) return true
      out.cause = cause
      // Newer than what others hold it for.
      record.ejectionsAt = now()
    } else {
      if (!mayEject(cause, id, records)) return false
      eject(record, cause, now(), random, tuning)
      ejections++
    }
    ports.changed('verdict')
    ports.ejected(id, cause, status)
    return true
  }

  function readmit(id: string): void {
    const record = of(id)
    if (!record.out) return
    delete record.out
    delete record.suspectAt
    record.ejectionsAt = now()
    ports.changed('verdict')
  }

  return {
    records,
    enlist(ids) {
      const wanted = new Set(ids)
      for (const [id, record] of records) {
        if (wanted.has(id)) continue
        records.delete(id)
        aside.set(id, record)
      }
      for (const id of ids) of(id)
    },
    of,
    stateOf: state,
    inService: id => state(id) === 'in-service',
    isOut: id => state(id) !== 'suspect' && state(id) !== 'in-service',
    heardWithin: (id, ms) => isWithin(of(id).heardAt, ms, now()),
    heardAny: () => (heardAny > now() ? 0 : heardAny),
    heard(id, good, ms) {
      heardAny = now()
      const record = records.get(id)
      if (!record) return
      record.heardAt = heardAny
      // Slower ones count little by little: most are slow because of what was asked.
      record.quickMs = Math.max(0, Math.min(ms, record.quickMs * 1.25 || ms))
      if (good && record.suspectAt) {
        delete record.suspectAt
        ports.changed('state')
      } else ports.changed('life')
    },
    returnProbe(id, good) {
      const record = records.get(id)
      if (!record?.out || now() < record.out.until) return
      noteReturnProbe(record, good, now(), random, tuning)
      ports.changed('verdict')
    },
    fit: id => (of(id).out?.goodProbes ?? 0) >= 2,
    readmit,
    putOff(id) {
      putOff(of(id), now(), random, tuning)
      ports.changed('verdict')
    },
    suspect(id) {
      const record = of(id)
      if (record.suspectAt || record.out) return
      record.suspectAt = now()
      ports.changed('state')
    },
    eject: outNow,
    backOff(id, ms) {
      of(id).backedOffUntil = now() + Math.min(ms, BACK_OFF_MAX_MS)
      ports.changed('verdict')
    },
    answer(id, bettered) {
      if (noteAnswer(of(id), bettered, tuning)) outNow(id, 'erring')
    },
    lostRace(id, lostAt) {
      return noteLostRace(of(id), now(), tuning, lostAt) && outNow(id, 'slow')
    },
    ejections: () => ejections,
    restore(saved) {
      for (const [id, value] of Object.entries(Object(saved)).slice(0, 10_000)) {
        const theirs = readRecord(value, now(), tuning.ejectMaxMs)
        const ours = records.get(id)
        if (ours && newest(ours) >= newest(theirs)) continue
        if (!ours) aside.set(id, theirs)
        else {
          records.set(id, theirs)
          // Found out elsewhere: what is under way to it moves all the same.
          if (theirs.out && now() < theirs.out.until) {
            ejections++
            ports.ejected(id, theirs.out.cause)
          }
        }
      }
    },
  }
}

/** When a record last changed for a reason that others should hear of. */
function newest(record: ServerRecord): number {
  return Math.max(record.heardAt, record.ejectionsAt, record.out?.since ?? 0)
}
