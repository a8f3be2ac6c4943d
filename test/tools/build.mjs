// Makes dist/: the doors and the command as modules, the classic files, the declarations.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

rmSync('dist', { recursive: true, force: true })
// The largest takes as long as all the others.
const worker = spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--mode', 'worker'], {
  stdio: 'inherit',
})
const workerIsBuilt = once(worker, 'exit')
for (const mode of ['doors', 'cli', 'tag', 'core', 'cover']) await build({ mode })
chmodSync('dist/cli.js', 0o755)
// The pages that `outrigger demo` serves.
for (const part of ['app', 'panel']) cpSync(`examples/demo/${part}`, `dist/demo/${part}`, { recursive: true })
for (const file of ['uPlot.esm.js', 'uPlot.min.css'])
  cpSync(`node_modules/uplot/dist/${file}`, `dist/demo/panel/${file}`)

for (const config of ['tsconfig.types.json', 'tsconfig.types-worker.json']) {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', config], {
    stdio: 'inherit',
  })
  if (status) process.exit(status)
}

// In declarations `rewriteRelativeImportExtensions` leaves `.ts`, which not every resolver maps to `.d.ts`.
for (const name of readdirSync('dist/types', { recursive: true, encoding: 'utf8' })) {
  if (!name.endsWith('.d.ts')) continue
  const file = join('dist/types', name)
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(/((?:from|import)\s*\(?\s*['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'))
}

const [failed] = await workerIsBuilt
process.exitCode = failed ?? 1
