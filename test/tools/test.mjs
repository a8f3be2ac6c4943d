// Everything a change needs, one step after another; the first that fails ends it. `npm test -- types unit`: these alone.
import { spawnSync } from 'node:child_process'

const node = (...args) => [process.execPath, ...args]
const vitest = (...args) => node('node_modules/vitest/vitest.mjs', 'run', ...args)
const bin = name => `node_modules/.bin/${name}`

const steps = [
  ['browser', 'finds or installs a browser', node('test/support/browser.mjs')],
  ['types', 'each realm with its own globals', node('test/tools/types.mjs')],
  ['lint', 'style and formatting', [bin('biome'), 'check']],
  ['build', 'makes dist/', node('test/tools/build.mjs')],
  ['package', 'what npm would publish', ['npm', 'run', '--silent', 'package']],
  ['layers', 'the house', vitest('--project', 'unit', 'test/layers.test.ts', 'test/internal-names.test.ts')],
  ['unit', 'rules, adapters, rooms', vitest('--project', 'unit', 'test/unit')],
  ['simulation', 'the core among many', vitest('--project', 'unit', 'test/sim', '--passWithNoTests')],
  [
    'sizes',
    'budgets, README, source maps',
    vitest('--project', 'unit', 'test/sizes.test.ts', 'test/source-maps.test.ts'),
  ],
  ['pages', 'in a real browser', vitest('--project', 'browser')],
  ['timed', 'the same, one alone', vitest('--project', 'timed')],
]

const wanted = process.argv.slice(2)
const chosen = steps.filter(([name]) => !wanted.length || wanted.includes(name))
if (!chosen.length) {
  console.error(`no such step; there are ${steps.map(([name]) => name).join(', ')}`)
  process.exit(1)
}

const startedAt = Date.now()
const seconds = since => `${((Date.now() - since) / 1000).toFixed(1)} s`
for (const [i, [name, what, [command, ...args]]] of chosen.entries()) {
  console.log(`\n[${i + 1}/${chosen.length}] ${name}: ${what}`)
  const stepAt = Date.now()
  const { status, error } = spawnSync(command, args, { stdio: 'inherit' })
  if (status !== 0) {
    console.error(`\n${name} failed after ${seconds(stepAt)}${error ? `: ${error.message}` : ''}`)
    process.exit(1)
  }
  console.log(`[${i + 1}/${chosen.length}] ${name}: passed in ${seconds(stepAt)}`)
}
console.log(`\nall ${chosen.length} steps passed in ${seconds(startedAt)}`)
