import { expect, test } from 'vitest'
import { cellsOf, type Reading, tableOf, worseThanPeers } from '../../bench/faults-table.ts'

const clients = [
  { name: 'Outrigger', ours: true },
  { name: 'peer', ours: false },
]

const reading = (worst: number, later = 3, error?: string): Reading => ({ worst, later, requests: 51, error })

function lostTo(ours: Reading[], theirs: Reading[]) {
  const rounds = ours.map((one, n) => ({ hung: { Outrigger: one, ...(theirs[n] && { peer: theirs[n] }) } }))
  return worseThanPeers(cellsOf(rounds, clients, ['hung']), clients, ['hung']).map(({ cell }) => cell)
}

test('a peer that is faster by less than it is noticed is not better', () => {
  expect(lostTo([reading(14), reading(14)], [reading(10), reading(10)])).toEqual([])
})

test('a peer is better by more than 5 ms and more than either spread', () => {
  expect(lostTo([reading(17), reading(18)], [reading(10), reading(10)])).toEqual(['worst'])
  expect(lostTo([reading(5), reading(29)], [reading(10), reading(10)])).toEqual([])
  expect(lostTo([reading(17, 20), reading(17, 20)], [reading(17, 3), reading(17, 3)])).toEqual(['later'])
})

test('a cell with a failed request is lost, whatever its time', () => {
  expect(lostTo([reading(900), reading(900)], [reading(1, 1, 'Failed to fetch')])).toEqual([])
  expect(lostTo([reading(1), reading(1, 1, 'Failed to fetch')], [reading(900), reading(900)])).toEqual([
    'worst',
    'later',
  ])
})

test('the table has a row for each client', () => {
  const cells = cellsOf([{ hung: { Outrigger: reading(612.3), peer: reading(1, 1, 'late') } }], clients, ['hung'])
  expect(tableOf(cells, clients, ['hung'])).toBe('| ms | hung |\n|---|---|\n| Outrigger | 612 / 3.0 |\n| peer | lost |')
})
