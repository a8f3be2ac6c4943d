import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { importsOf } from '../support/house.ts'
import { simulate } from './engine/run.ts'
import { jobsOf, report, run } from './jobs.ts'
import { clientsOf, type Target } from './target.ts'
import { A17, A28 } from './targets/errors.ts'
import { targets } from './targets/index.ts'
import { A9 } from './targets/one-down.ts'

vi.setConfig({ testTimeout: 60_000 })

const life = (seed: number) => ({
  seed,
  clients: 100,
  rate: 100,
  seconds: 60,
  servers: Array.from({ length: 5 }, (_, index) => ({
    rate: 100,
    faults: index ? [] : [{ from: 20_000, until: 40_000, kind: 'hole' as const }],
  })),
  make: clientsOf(A9),
})

test('the same seed gives the same run, to the last request; another one another', () => {
  const first = simulate(life(1))
  expect(first.sent.length).toBe(60)
  expect(simulate(life(1))).toMatchObject({ trace: first.trace, events: first.events, tries: first.tries })
  expect(simulate(life(2)).trace).not.toBe(first.trace)
})

/** What runs in seconds; all of it runs in `npm run simulate`. */
const quick: readonly [Target, string?][] = [[A9], [A17, '1 %'], [A28]]

test.each(quick)('$id holds', (target, only) => {
  const cases = target.cases.filter(({ name }) => !only || name === only)
  const done = jobsOf({ ...target, cases }, 1, false).map(job => ({ job, figures: run(job) }))
  const { pass, text } = report({ ...target, cases }, done)
  expect(pass, text).toBe(true)
})

test('the worst seed counts, and a missed limit is told with its figure', () => {
  const target = targets.find(({ id }) => id === 'A9')!
  const { name } = target.cases[0]!
  const done = [3, 30].map((drainS, index) => ({
    job: { target: 'A9', name, seed: index + 1 },
    figures: { drainS, wastedPerClient: 0, failed: 0 },
  }))
  const { pass, text, json } = report(target, done)
  expect(pass).toBe(false)
  expect(text).toContain(`MISSED ${name}: drainS 30 (≤ 25)`)
  expect(json).toMatchObject({ id: 'A9', pass: false })
})

test.each([
  [['--help'], 0, 'npm run simulate'],
  [['--only', 'A9,A99'], 2, 'there is no target "A99"; there are A9, A12'],
  [['--seeds', 'many'], 2, '--seeds takes a number from 1 to 1000'],
  [['--sedes', '3'], 2, "Unknown option '--sedes'"],
])('npm run simulate -- %j', (args, code, said) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['test/sim/simulate.mjs', ...args], {
    encoding: 'utf8',
  })
  expect(stdout + stderr).toContain(said)
  expect(status).toBe(code)
})

test('names of targets and of their cases are told apart', () => {
  expect(new Set(targets.map(({ id }) => id)).size).toBe(targets.length)
  for (const { cases } of targets) expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
})

test('what decides is the core: the simulator takes nothing else of it, and only other clients have rules of their own', () => {
  const files = readdirSync('test/sim/engine')
  expect(files).toContain('client.ts')
  for (const file of files) {
    const path = `test/sim/engine/${file}`
    const text = readFileSync(path, 'utf8')
    const core = importsOf(path, text).filter(name => name?.includes('src/core/'))
    expect(core.filter(name => !/\/(ports|types|options|failover)\.ts$/.test(name!))).toEqual([])
    if (file !== 'baselines.ts')
      expect(text.replace(/^ *(\/?\*|\/\/).*$/gm, ''), file).not.toMatch(/retry(?!After)|eject|suspect/i)
  }
})
