import { openChromium } from '../support/browser.ts'
import { createFarm, type FaultName } from '../support/farm.ts'
import { cellsOf, type Lost, type Round, type Rounds, tableOf, worseThanPeers } from './faults-table.ts'
import { inWords, machine } from './machine.ts'
import { choice, readOptions } from './options.ts'
import { built, type Client, clients, peerVersions, preparePeers } from './peers.ts'
import { measureClient } from './read-by.ts'
import { writeTable } from './readme.ts'
import { loadRounds, saveRounds } from './rounds.ts'
import { shuffled } from './statistics.ts'

const faults = new Map<string, FaultName>([
  ['refused', 'kill'],
  ['503', '503'],
  ['reset', 'reset'],
  ['hung', 'hang'],
  ['full backlog', 'black-hole'],
  ['stalled body', 'stall'],
  ['half a body', 'reset-mid-body'],
])

/** Peers slower than this are left to wait together: waiting takes no processor. */
const SLOW_MS = 3_000

const what = `How clients get through a fault of their first server, side by side in Chromium: ${clients
  .map(({ name }) => name)
  .join(', ')}. Cells: the worst of the first 51 requests / the median of the last 50, in ms.`

export async function main(args: string[]): Promise<void> {
  const names = clients.map(({ name }) => name)
  const options = readOptions('faults', what, args, 7, {
    only: { value: 'CLIENT,...', what: names.join(', ') },
    faults: { value: 'FAULT,...', what: [...faults.keys()].join(', ') },
    resume: { what: 'adds to the rounds of an earlier run that was broken off' },
  })
  if (!options) return
  const wanted = choice(options.given.only, names)
  const wantedFaults = choice(options.given.faults, [...faults.keys()])
  const chosen = clients.filter(({ name }) => wanted.includes(name))
  const say = (line: string) => console.error(line)
  await preparePeers(say)

  const browser = await openChromium()
  const farm = await createFarm({ servers: 3, files: built })
  const on = machine((await browser.version()).replace('/', ' '))
  const rounds: Rounds = options.given.resume ? loadRounds(on) : []
  const inOrder = [...faults.keys()].filter(name => wantedFaults.includes(name))
  try {
    const startedAt = Date.now()
    for (let n = rounds.length; n < options.rounds; n++) {
      const round: Round = {}
      for (const fault of shuffled(inOrder)) {
        round[fault] = {}
        const isSlow = ({ name }: Client) => rounds.some(before => (before[fault]?.[name]?.worst ?? 0) > SLOW_MS)
        const isLost = ({ name }: Client) => rounds.some(before => before[fault]?.[name]?.error !== undefined)
        const left = shuffled(chosen.filter(client => client.ours || !isLost(client)))
        const measure = async (together: Client[]) => {
          const all = await measureClient(browser, farm, faults.get(fault)!, together)
          for (const [name, reading] of Object.entries(all)) round[fault]![name] = reading
        }
        for (const client of left) if (!isSlow(client)) await measure([client])
        const slow = left.filter(isSlow)
        if (slow.length) await measure(slow)
        say(`round ${n + 1} of ${options.rounds}, ${fault}: ${inShort(round[fault]!)}`)
      }
      rounds.push(round)
      saveRounds(on, rounds)
      say(`round ${n + 1} of ${options.rounds} is over after ${Math.round((Date.now() - startedAt) / 1000)} s`)
    }
  } finally {
    await browser.close()
    await farm.close()
  }

  const cells = cellsOf(rounds, chosen, inOrder)
  const table = tableOf(cells, chosen, inOrder)
  const lost: Lost[] = worseThanPeers(cells, chosen, inOrder)
  const title = `${inWords(on)}; median of ${rounds.length} rounds`
  console.log(`${title}\n\n${table}\n`)
  for (const { fault, cell, ours, peer, text } of lost)
    console.log(`${fault}, ${cell}: ${peer} is better than ${ours} (${text})`)
  console.log(lost.length ? `${lost.length} cells where a peer is better` : 'no peer is better in any cell')
  if (options.write) writeTable('faults', `${title}.\n\n${table}`)
  if (options.json)
    console.log(
      JSON.stringify({ bench: 'faults', machine: on, peers: peerVersions(), rounds: rounds.length, cells, lost }),
    )
  if (lost.length) process.exitCode = 1
}

function inShort(readings: Round[string]): string {
  return Object.entries(readings)
    .map(([name, { worst, later, error }]) => `${name} ${error ? 'lost' : `${worst.toFixed(0)}/${later.toFixed(1)}`}`)
    .join(', ')
}
