// Runs one bench: `node test/bench/run.mjs NAME`. Node 20 runs no TypeScript, so Vite loads it.
import { runnerImport } from 'vite'

const [name, ...args] = process.argv.slice(2)
const { module } = await runnerImport(`./test/bench/${name}.ts`, { configFile: false, logLevel: 'error' })
try {
  await module.main(args)
  process.exit(process.exitCode ?? 0)
} catch (error) {
  console.error(error instanceof TypeError && error.code?.startsWith('ERR_PARSE_ARGS') ? error.message : error)
  process.exit(1)
}
