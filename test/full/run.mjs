// Runs the tests with the counts, sizes and times that the project promises, one group after the other, and keeps a
// tally, so that a long run can be broken off and resumed:
//   npm run test:full                      what is left of everything
//   npm run test:full -- --only faults     one group, whether it passed before or not
//   npm run test:full -- --again           everything from the start
//   npm run test:full -- --list            the groups and how they stand
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openTally } from '../tools/tally.mjs'

/** Each group: what it runs. */
const groups = {
  faults: ['--project', 'timed', 'test/browser/timed/faults.test.ts'],
  concurrent: ['--project', 'timed', 'test/browser/timed/concurrent.test.ts'],
  sequential: ['--project', 'timed', 'test/browser/timed/sequential.test.ts'],
  'never-worse': ['--project', 'timed', 'test/browser/timed/never-worse.test.ts'],
  survive: [
    '--project',
    'browser',
    '--no-file-parallelism',
    'test/browser/worker',
    'test/browser/shell',
    'test/browser/page',
    'test/browser/tag',
  ],
  writes: ['--project', 'timed', 'test/browser/timed/writes.test.ts'],
  mixed: ['--project', 'timed', 'test/browser/timed/mixed.test.ts'],
  'way-back': ['--project', 'timed', 'test/browser/timed/way-back.test.ts'],
  streams: ['--project', 'timed', 'test/browser/timed/long-stream.test.ts'],
  libraries: ['--project', 'browser', 'test/browser/libraries.test.ts'],
  invariants: ['--project', 'unit', 'test/unit/core/invariants.test.ts'],
}

const cache = 'node_modules/.cache/outrigger'
const figuresFile = join(cache, 'figures.txt')
const args = process.argv.slice(2)
const only = args.includes('--only') ? (args[args.indexOf('--only') + 1] ?? '').split(',') : undefined

if (args.includes('--help') || only?.some(name => !(name in groups))) {
  const unknown = only?.find(name => !(name in groups))
  if (unknown !== undefined) console.error(`There is no group "${unknown}".`)
  console.log(`npm run test:full -- [--only NAME[,NAME]] [--again] [--list]\nGroups: ${Object.keys(groups).join(', ')}`)
  process.exit(unknown === undefined ? 0 : 1)
}

mkdirSync(cache, { recursive: true })
const { tally, save } = openTally(join(cache, 'full.json'), { passed: {} }, args.includes('--again'))

if (args.includes('--list')) {
  for (const name of Object.keys(groups)) console.log(`${name.padEnd(12)} ${tally.passed[name] ? 'passed' : 'open'}`)
  process.exit(0)
}

const wanted = only ?? Object.keys(groups).filter(name => !tally.passed[name])
let failed = 0
for (const [index, name] of wanted.entries()) {
  console.log(`\n[${index + 1}/${wanted.length}] ${name}`)
  rmSync(figuresFile, { force: true })
  const { status } = spawnSync('npx', ['vitest', 'run', ...groups[name]], {
    stdio: 'inherit',
    env: { ...process.env, FULL: '1' },
  })
  if (existsSync(figuresFile)) console.log(`\nFigures, ${name}:\n${readFileSync(figuresFile, 'utf8')}`)
  tally.passed[name] = status === 0
  if (status !== 0) failed++
  save()
}
console.log(`${wanted.length - failed} passed, ${failed} failed`)
process.exit(failed ? 1 : 0)
