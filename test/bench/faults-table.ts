import { type Figure, figureOf, isBetter } from './statistics.ts'

/** What one client took in one round, in milliseconds. */
export interface Reading {
  /** The worst of all its requests. */
  worst: number
  /** The median of those after the first. */
  later: number
  requests: number
  /** Why a request failed. */
  error?: string
}

/** By fault and client. */
export type Round = Record<string, Record<string, Reading>>
export type Rounds = Round[]

export interface Cell {
  worst: Figure
  later: Figure
  /** Requests that failed, and why the first of them did. */
  failed: number
  error?: string
}

export type Cells = Record<string, Record<string, Cell>>

/** A cell where a peer is better. */
export interface Lost {
  fault: string
  cell: 'worst' | 'later'
  ours: string
  peer: string
  text: string
}

interface Named {
  name: string
  ours: boolean
}

export function cellsOf(rounds: Rounds, clients: readonly Named[], faults: readonly string[]): Cells {
  const cellOf = (fault: string, name: string): Cell => {
    const all = rounds.flatMap(round => round[fault]?.[name] ?? [])
    const failed = all.filter(({ error }) => error !== undefined)
    return {
      worst: figureOf(all.map(({ worst }) => worst)),
      later: figureOf(all.flatMap(({ later }) => (Number.isFinite(later) ? later : []))),
      failed: failed.length,
      error: failed[0]?.error,
    }
  }
  return Object.fromEntries(
    faults.map(fault => [fault, Object.fromEntries(clients.map(({ name }) => [name, cellOf(fault, name)]))]),
  )
}

/** Every cell in which a peer without a failure is better than one of ours. */
export function worseThanPeers(cells: Cells, clients: readonly Named[], faults: readonly string[]): Lost[] {
  const lost: Lost[] = []
  for (const fault of faults) {
    for (const { name: ours } of clients.filter(({ ours }) => ours)) {
      for (const { name: peer } of clients.filter(({ ours }) => !ours)) {
        for (const cell of ['worst', 'later'] as const) {
          const [mine, theirs] = [cells[fault]![ours]!, cells[fault]![peer]!]
          if (theirs.failed > 0 || (mine.failed === 0 && !isBetter(theirs[cell], mine[cell]))) continue
          const text = mine.failed ? `ours failed: ${mine.error}` : `${inMs(theirs[cell])} to ${inMs(mine[cell])} ms`
          lost.push({ fault, cell, ours, peer, text })
        }
      }
    }
  }
  return lost
}

export function tableOf(cells: Cells, clients: readonly Named[], faults: readonly string[]): string {
  const rows = clients.map(({ name }) => {
    const row = faults.map(fault => cells[fault]![name]!)
    return `| ${name} | ${row.map(cell => (cell.failed ? 'lost' : `${round(cell.worst.median)} / ${round(cell.later.median)}`)).join(' | ')} |`
  })
  return [`| ms | ${faults.join(' | ')} |`, `|---|${faults.map(() => '---|').join('')}`, ...rows].join('\n')
}

function inMs({ median, spread }: Figure): string {
  return `${round(median)} ± ${round(spread / 2)}`
}

function round(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString('en')
}
