// The browser tests in each engine, one after the other; those that only Chromium's tools can do, *.chromium.test.ts, stay out.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { engineNames, findOrInstall } from '../support/engines/find.mjs'

const help = `npm run test:engines -- [--engine NAME[,NAME]] [-t PATTERN] [FILE...]

Runs the browser tests in ${engineNames.join(', ')}, or in the engines named; all files, or those whose name
holds one of the words given. On Debian, as root, what is missing is installed: firefox-esr, webkit2gtk-driver, xvfb.
Named otherwise by CHROME_PATH, FIREFOX_PATH, WEBKIT_DRIVER_PATH, MINIBROWSER_PATH, XVFB_PATH.

  --engine   these engines only
  -t         only tests whose name fits`

const folder = 'test/browser'
const cache = 'node_modules/.cache/outrigger'

/** @returns what was asked for, or a complaint */
function readArguments(args) {
  const wanted = { engines: engineNames, words: [], pattern: undefined }
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--engine') wanted.engines = (args[++i] ?? '').split(',')
    else if (args[i] === '-t') wanted.pattern = args[++i]
    else if (args[i].startsWith('-')) return { complaint: `There is no option ${args[i]}.` }
    else wanted.words.push(args[i])
  }
  const unknown = wanted.engines.find(name => !engineNames.includes(name))
  if (unknown !== undefined) return { complaint: `There is no engine "${unknown}".` }
  wanted.files = readdirSync(folder, { recursive: true })
    .filter(name => name.endsWith('.test.ts') && !name.endsWith('.chromium.test.ts') && !name.includes('node_modules'))
    .map(name => join(folder, name))
    .filter(file => !wanted.words.length || wanted.words.some(word => file.includes(word)))
  if (!wanted.files.length) return { complaint: 'No file has such a name.' }
  return wanted
}

/** Runs the files in one engine: for each of them what became of its tests, and whether all is well. */
function runIn(engine, files, pattern) {
  const outputFile = join(cache, `engines-${engine}.json`)
  rmSync(outputFile, { force: true })
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'browser', '--project', 'timed', ...files]
  args.push('--no-file-parallelism')
  args.push('--reporter=default', '--reporter=json', `--outputFile.json=${outputFile}`)
  if (pattern) args.push('-t', pattern)
  const env = { ...process.env, OUTRIGGER_ENGINE: engine }
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env })
  return { status, rows: readReport(outputFile) }
}

function readReport(file) {
  let report
  try {
    report = JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return new Map()
  }
  return new Map(
    report.testResults.map(({ name, assertionResults, startTime, endTime, status }) => {
      const count = wanted => assertionResults.filter(({ status }) => wanted.includes(status)).length
      const row = {
        passed: count(['passed']),
        failed: count(['failed']),
        skipped: count(['skipped', 'pending', 'todo']),
      }
      // A file that cannot be loaded has no tests.
      if (status === 'failed' && !row.failed) row.failed = 1
      return [relative(resolve(folder), name), { ...row, seconds: (endTime - startTime) / 1000 }]
    }),
  )
}

function cell(row) {
  if (!row) return 'did not run'
  const { passed, failed, skipped, seconds } = row
  const parts = [`${passed} passed`, failed && `${failed} FAILED`, skipped && `${skipped} skipped`].filter(Boolean)
  return `${parts.join(', ')} in ${seconds.toFixed(0)} s`
}

function printTable(files, results) {
  const names = files.map(file => relative(folder, file))
  const width = Math.max(...names.map(name => name.length))
  const line = cells =>
    console.log(
      cells
        .map((text, i) => text.padEnd(i ? 36 : width))
        .join('  ')
        .trimEnd(),
    )
  console.log()
  line(['', ...results.keys()])
  for (const name of names) line([name, ...[...results.values()].map(({ rows }) => cell(rows.get(name)))])
}

const args = process.argv.slice(2)
if (args.includes('--help')) {
  console.log(help)
  process.exit(0)
}
const { complaint, engines, files, pattern } = readArguments(args)
if (complaint) {
  console.error(`${complaint}\n\n${help}`)
  process.exit(1)
}
try {
  for (const engine of engines) await findOrInstall(engine, line => console.error(line))
} catch (error) {
  console.error(error.message)
  process.exit(1)
}
mkdirSync(cache, { recursive: true })
const results = new Map()
for (const engine of engines) {
  console.log(`\n[${results.size + 1}/${engines.length}] ${engine}`)
  results.set(engine, runIn(engine, files, pattern))
}
printTable(files, results)
const bad = [...results].filter(([, { status }]) => status !== 0).map(([engine]) => engine)
console.log(bad.length ? `\nfailed in ${bad.join(', ')}` : `\nall passed in ${engines.join(', ')}`)
process.exit(bad.length ? 1 : 0)
