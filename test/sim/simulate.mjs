// Runs the acceptance targets of the core in virtual time, every seed of every case, on all cores: `npm run simulate`.
import { fork } from 'node:child_process'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { runnerImport } from 'vite'

const usage = `npm run simulate -- [--only A14,A16] [--seeds 5] [--baselines] [--json] [--list]

Simulates fleets of clients that run the core as it ships. --baselines: other clients beside ours.
--json: one JSON object a target and line. Exit code 1 when a target is missed, 2 when something else goes wrong.`

const options = {
  only: { type: 'string' },
  seeds: { type: 'string', default: '5' },
  baselines: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
}
const load = async () => (await runnerImport('./test/sim/jobs.ts', { configFile: false, logLevel: 'error' })).module

function stop(message) {
  console.error(`${message}\n\n${usage}`)
  process.exit(2)
}

function read() {
  try {
    return parseArgs({ options }).values
  } catch (error) {
    return stop(error.message)
  }
}

async function main() {
  const values = read()
  if (values.help) return console.log(usage)
  const { targets, jobsOf, report } = await load()
  if (values.list) return console.log(targets.map(({ id, what }) => `${id.padEnd(4)} ${what}`).join('\n'))
  const seeds = Number(values.seeds)
  if (!Number.isInteger(seeds) || seeds < 1 || seeds > 1_000) stop('--seeds takes a number from 1 to 1000')
  const ids = values.only?.split(',')
  const unknown = ids?.find(id => !targets.some(target => target.id === id))
  if (unknown !== undefined)
    stop(`there is no target "${unknown}"; there are ${targets.map(({ id }) => id).join(', ')}`)
  const chosen = targets.filter(({ id }) => !ids || ids.includes(id))
  const jobs = chosen.flatMap(target => jobsOf(target, seeds, values.baselines))
  const done = await runAll(jobs)
  let missed = 0
  for (const target of chosen) {
    const { text, json, pass } = report(target, done)
    if (!pass) missed++
    console.log(
      values.json ? JSON.stringify(json, (_, value) => (value === Number.POSITIVE_INFINITY ? 'never' : value)) : text,
    )
  }
  if (!values.json) console.log(`\n${chosen.length - missed} of ${chosen.length} targets hold`)
  process.exitCode = missed ? 1 : 0
}

/** Hands the jobs to one process a core; the first that fails ends all. */
function runAll(jobs) {
  const results = []
  const waiting = [...jobs]
  // As JSON a run that never recovers would arrive as one that recovered at once.
  const crew = cpus().map(() =>
    fork(import.meta.filename, ['--worker'], { execArgv: ['--max-old-space-size=8192'], serialization: 'advanced' }),
  )
  return new Promise((resolve, reject) => {
    const end = error => {
      for (const one of crew) one.kill()
      if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
      if (error) reject(error)
      else resolve(results)
    }
    for (const one of crew) {
      const next = () => {
        const job = waiting.shift()
        if (job) one.send(job)
      }
      one.on('message', message => {
        if (message.ready) return next()
        if (message.error) return end(new Error(message.error))
        results.push(message)
        const line = `${results.length} of ${jobs.length}: ${message.job.target} ${message.job.name}`
        if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`)
        if (results.length === jobs.length) end()
        else next()
      })
      one.on('exit', (code, signal) => {
        if (results.length < jobs.length) end(new Error(`a simulation ended with ${signal ?? `code ${code}`}`))
      })
    }
  })
}

async function work() {
  const { run } = await load()
  process.on('message', job => {
    try {
      process.send({ job, figures: run(job) })
    } catch (error) {
      process.send({ error: `${job.target} ${job.name}, seed ${job.seed}: ${error.stack}` })
    }
  })
  process.send({ ready: true })
}

try {
  await (process.argv.includes('--worker') ? work() : main())
} catch (error) {
  console.error(error.message)
  process.exit(2)
}
