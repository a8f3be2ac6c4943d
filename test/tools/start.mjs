// Builds in silence, then runs the demo; arguments pass on.
import { spawn, spawnSync } from 'node:child_process'

const built = spawnSync(process.execPath, ['test/tools/build.mjs'], { encoding: 'utf8' })
if (built.status !== 0) {
  console.error(`${built.stdout}${built.stderr}`)
  process.exit(1)
}
const demo = spawn(process.execPath, ['dist/cli.js', 'demo', ...process.argv.slice(2)], { stdio: 'inherit' })
// A terminal sends Ctrl-C to both of us: the demo cleans up, then we end as it did.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => demo.kill('SIGTERM'))
// Of a SIGTERM npm tells only the shell between us, which ends and passes nothing on.
const { ppid } = process
setInterval(() => process.ppid === ppid || demo.kill('SIGTERM'), 500)
demo.on('exit', code => process.exit(code ?? 1))
