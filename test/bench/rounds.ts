import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { Rounds } from './faults-table.ts'
import type { Machine } from './machine.ts'

const folder = 'node_modules/.cache/outrigger'
const file = `${folder}/bench-faults.json`

/** Rounds can be added to those of the same engine and the same files of ours alone. */
function sameness({ engine }: Machine): string {
  const hash = createHash('sha256').update(engine)
  for (const name of ['outrigger.js', 'outrigger-cover.js', 'outrigger-core.js', 'outrigger-sw.js', 'fetch.js'])
    hash.update(readFileSync(`dist/${name}`))
  return hash.digest('hex')
}

export function saveRounds(on: Machine, rounds: Rounds): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(file, JSON.stringify({ sameness: sameness(on), rounds }))
}

/** The rounds of an earlier run, or none if there was none, or it measured something else. */
export function loadRounds(on: Machine): Rounds {
  try {
    const saved = JSON.parse(readFileSync(file, 'utf8'))
    return saved.sameness === sameness(on) ? saved.rounds : []
  } catch {
    return []
  }
}
