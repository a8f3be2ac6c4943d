// Makes dist/: the doors and the command as modules, the classic files, the declarations.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, rmSync } from 'node:fs'
import { build } from 'vite'

rmSync('dist', { recursive: true, force: true })
for (const mode of ['doors', 'cli', 'tag', 'cover', 'worker']) {
  await build({ mode }).catch(error => {
    if (!/nothing to build/.test(error)) throw error
    console.error(`skipped: ${mode}`)
  })
}
if (existsSync('dist/cli.js')) chmodSync('dist/cli.js', 0o755)

for (const config of ['tsconfig.types.json', 'tsconfig.types-worker.json']) {
  const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', config], {
    stdio: 'inherit',
  })
  if (status) process.exit(status)
}
