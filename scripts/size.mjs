// Prints what each file weighs, gzipped (`gzip -9`, kB of 1,000 bytes), beside its budget; `--write` puts the table into
// README between its marks, `--json` prints plain data.
import { readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

/** Budgets in kB. `outrigger/fetch` is measured as an app gets it: bundled with all it needs and minified. */
const budgets = [
  { name: 'outrigger.js', what: 'script tag', file: 'dist/outrigger.js', kB: 10 },
  {
    name: 'outrigger-cover.js',
    what: 'loaded by the tag until the worker is there',
    file: 'dist/outrigger-cover.js',
    kB: 10,
  },
  { name: 'outrigger-sw.js', what: 'worker', file: 'dist/outrigger-sw.js', kB: 24 },
  { name: 'outrigger/fetch', what: 'without a worker', entry: 'src/fetch.ts', kB: 8 },
]

const gzipped = code => gzipSync(code, { level: 9 }).length

/** One entry as a bundler makes it for an app. */
async function bundle(entry) {
  const output = { entryFileNames: 'x.js' }
  const [{ output: chunks }] = [
    await build({
      configFile: false,
      logLevel: 'silent',
      build: {
        write: false,
        minify: true,
        target: 'es2022',
        lib: { entry, formats: ['es'] },
        rolldownOptions: { output },
      },
    }),
  ].flat()
  // In a library's modules Vite keeps the blanks; an app's bundler does not.
  const { minify } = await import('rolldown/utils')
  return (await minify('x.js', chunks[0].code, { module: true })).code
}

const rows = []
for (const { name, what, file, entry, kB } of budgets) {
  const bytes = gzipped(entry ? await bundle(entry) : readFileSync(file))
  rows.push({ name, what, bytes, budget: kB * 1000, text: `${(bytes / 1000).toFixed(1)} kB` })
}

const table = [
  '| file | size, gzipped | |',
  '|---|---|---|',
  ...rows.map(({ name, what, text }) => `| \`${name}\` | ${text} | ${what} |`),
].join('\n')

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ rows, table }))
} else {
  for (const { name, bytes, budget } of rows) {
    console.log(
      `${name.padEnd(20)} ${String(bytes).padStart(6)} of ${budget} bytes${bytes > budget ? '  TOO BIG' : ''}`,
    )
  }
}

if (process.argv.includes('--write')) {
  const marks = /(<!-- sizes -->)[\s\S]*?(<!-- \/sizes -->)/
  const readme = readFileSync('README.md', 'utf8')
  if (!marks.test(readme)) throw new Error('README.md has no place between <!-- sizes --> and <!-- /sizes -->')
  writeFileSync(
    'README.md',
    readme.replace(marks, (_, from, to) => `${from}\n${table}\n${to}`),
  )
}
