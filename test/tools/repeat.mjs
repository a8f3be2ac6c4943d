// Runs `npm test` again and again, some of the runs with every core busy, and keeps a tally, so that it may be broken
// off and resumed: a test that fails once in twenty runs is a bug.
//   npm run test:repeat                       what is left of 20 runs, 5 of them busy
//   npm run test:repeat -- --runs 40 --busy 8
//   npm run test:repeat -- --minutes 60       begins no run after that long
//   npm run test:repeat -- --tally FILE       where the tally is kept; elsewhere it outlives `npm ci`
//   npm run test:repeat -- --again | --list
import { spawn, spawnSync } from 'node:child_process'
import { createWriteStream, mkdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openTally } from './tally.mjs'

const cache = 'node_modules/.cache/outrigger'
const usage = `npm run test:repeat -- [--runs 20] [--busy 5] [--minutes N] [--tally FILE] [--again] [--list] [-- STEP...]

Runs npm test (or these steps of it) until --runs runs have passed, --busy of them with every core busy.
The output of each run is kept in ${cache}/repeat-N.log. Exit code 0 once all have passed.`

const { values, positionals } = readArguments()
const runs = whole('runs', values.runs)
const busyRuns = whole('busy', values.busy)
const lastStart = Date.now() + whole('minutes', values.minutes) * 60_000
const { tally, save } = openTally(values.tally, { passed: 0, busy: 0, failed: [] }, values.again)

function readArguments() {
  try {
    const read = parseArgs({
      allowPositionals: true,
      options: {
        runs: { type: 'string', default: '20' },
        busy: { type: 'string', default: '5' },
        minutes: { type: 'string', default: '100000' },
        tally: { type: 'string', default: join(cache, 'repeat.json') },
        again: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (read.values.help) {
      console.log(usage)
      process.exit(0)
    }
    return read
  } catch (error) {
    return stop(error.message)
  }
}

function stop(message) {
  console.error(`${message}\n\n${usage}`)
  process.exit(1)
}

function whole(name, text) {
  return /^\d+$/.test(text) ? Number(text) : stop(`--${name} takes a whole number, not "${text}"`)
}

/** Keeps every core at work; the returned function ends that. */
function keepBusy() {
  const idlers = cpus().map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
  return () => {
    for (const child of idlers) child.kill('SIGKILL')
  }
}

function runOnce(log) {
  const child = spawn(process.execPath, ['test/tools/test.mjs', ...positionals], { stdio: ['ignore', 'pipe', 'pipe'] })
  const out = createWriteStream(log)
  child.stdout.pipe(out)
  child.stderr.pipe(out)
  return new Promise(resolve => child.on('close', code => resolve(code === 0)))
}

const stand = () => `${tally.passed} of ${runs} passed, ${tally.busy} of them with every core busy`
const isDone = () => tally.passed >= runs && tally.busy >= busyRuns

console.log(`${stand()}${tally.failed.length ? `, ${tally.failed.length} failed: ${tally.failed.join(', ')}` : ''}`)
if (values.list) process.exit(isDone() ? 0 : 1)

mkdirSync(cache, { recursive: true })
spawnSync(process.execPath, ['test/tools/build.mjs'], { stdio: 'inherit' })
while (!isDone() && Date.now() < lastStart) {
  const number = tally.passed + tally.failed.length + 1
  // The busy ones last: a mistake shows sooner on a quiet machine.
  const busy = runs - tally.passed <= busyRuns - tally.busy
  const log = join(cache, `repeat-${number}.log`)
  const startedAt = Date.now()
  const release = busy ? keepBusy() : () => {}
  const passed = await runOnce(log).finally(release)
  if (passed) {
    tally.passed++
    if (busy) tally.busy++
  } else tally.failed.push(log)
  save()
  const seconds = Math.round((Date.now() - startedAt) / 1000)
  console.log(
    `run ${number}${busy ? ', busy' : ''}: ${passed ? 'passed' : `FAILED, see ${log}`} in ${seconds} s; ${stand()}`,
  )
}
console.log(isDone() && !tally.failed.length ? 'all passed' : stand())
process.exit(isDone() && !tally.failed.length ? 0 : 1)
