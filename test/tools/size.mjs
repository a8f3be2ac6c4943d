// Prints what each file weighs, gzipped (`gzip -9`, kB of 1,000 bytes), beside its budget; `--write` puts the table into
// README between its marks, `--json` prints plain data.
import { readFileSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

/**
 * Budgets in kB. `outrigger/fetch` is measured as an app's bundler makes it: what the import makes a page load
 * statically, minified, and beside it the core, a chunk that it begins to load at once. A bundler that cannot
 * split (esbuild without `splitting`) puts both into one file.
 */
const budgets = [
  { name: 'outrigger.js', what: 'script tag', file: 'dist/outrigger.js', kB: 10 },
  {
    name: 'outrigger-cover.js',
    what: 'loaded by the tag until the worker is there',
    file: 'dist/outrigger-cover.js',
    kB: 10,
  },
  { name: 'outrigger-core.js', what: 'loaded beside the cover', file: 'dist/outrigger-core.js', kB: 12 },
  { name: 'outrigger-sw.js', what: 'worker', file: 'dist/outrigger-sw.js', kB: 24 },
  {
    name: 'outrigger/fetch',
    what: 'without a worker; the core is loaded at once beside it',
    entry: 'src/fetch.ts',
    kB: 8,
  },
]

const gzipped = code => gzipSync(code, { level: 9 }).length

/** What an entry makes a page load at once, and what it loads by itself later, in bytes. */
async function bundle(entry) {
  const [{ output }] = [
    await build({
      configFile: false,
      logLevel: 'silent',
      build: { write: false, target: 'es2022', lib: { entry, formats: ['es'] } },
    }),
  ].flat()
  // In a library's modules Vite keeps the blanks; an app's bundler does not.
  const { minify } = await import('rolldown/utils')
  const chunks = new Map(output.map(chunk => [chunk.fileName, chunk]))
  const needed = new Set([output.find(({ isEntry }) => isEntry).fileName])
  for (const name of needed) for (const other of chunks.get(name).imports) if (chunks.has(other)) needed.add(other)
  const weigh = async names => {
    let bytes = 0
    for (const name of names) bytes += gzipped((await minify(name, chunks.get(name).code, { module: true })).code)
    return bytes
  }
  return {
    bytes: await weigh(needed),
    laterBytes: await weigh([...chunks.keys()].filter(name => !needed.has(name))),
  }
}

const inKB = bytes => `${(bytes / 1000).toFixed(1)} kB`

const rows = []
for (const { name, what, file, entry, kB } of budgets) {
  const { bytes, laterBytes } = entry ? await bundle(entry) : { bytes: gzipped(readFileSync(file)), laterBytes: 0 }
  const text = laterBytes ? `${inKB(bytes)} + ${inKB(laterBytes)} core` : inKB(bytes)
  rows.push({ name, what, bytes, laterBytes, budget: kB * 1000, text })
}

const table = [
  '| file | size, gzipped | |',
  '|---|---|---|',
  ...rows.map(({ name, what, text }) => `| \`${name}\` | ${text} | ${what} |`),
].join('\n')

if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ rows, table }))
} else {
  for (const { name, bytes, laterBytes, budget } of rows) {
    const later = laterBytes ? `  + ${laterBytes} bytes of core, loaded at once beside it` : ''
    const verdict = bytes > budget ? '  TOO BIG' : ''
    console.log(`${name.padEnd(20)} ${String(bytes).padStart(6)} of ${budget} bytes${later}${verdict}`)
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
