import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { openTally } from '../../tools/tally.mjs'

const root = mkdtempSync(join(tmpdir(), 'outrigger-tally-'))
afterAll(() => rmSync(root, { recursive: true }))
const file = () => join(mkdtempSync(join(root, 'of-')), 'folder', 'tally.json')

test('what was saved counts at the next sitting', () => {
  const place = file()
  const first = openTally(place, { passed: 0 })
  first.tally.passed = 7
  first.save()
  expect(openTally(place, { passed: 0 }).tally.passed).toBe(7)
})

test('asked to begin again, it is empty', () => {
  const place = file()
  const first = openTally(place, { passed: 0 })
  first.tally.passed = 7
  first.save()
  expect(openTally(place, { passed: 0 }, true).tally.passed).toBe(0)
})

test('it counts for the sources it was made with alone', () => {
  const place = file()
  const first = openTally(place, { passed: 0 })
  first.tally.passed = 7
  first.save()
  writeFileSync(place, readFileSync(place, 'utf8').replace(/"sources": "./, '"sources": "!'))
  expect(openTally(place, { passed: 0 }).tally.passed).toBe(0)
})

test('a damaged one counts as none', () => {
  const place = file()
  openTally(place, { passed: 0 }).save()
  writeFileSync(place, '{"passed": 3')
  expect(openTally(place, { passed: 0 }).tally.passed).toBe(0)
})
