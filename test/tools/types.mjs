// Checks every realm with its own globals alone.
import { spawnSync } from 'node:child_process'

let failed = 0
for (const realm of ['window', 'worker', 'worker-test', 'node']) {
  const args = ['node_modules/typescript/bin/tsc', '-p', `tsconfig.${realm}.json`]
  failed |= spawnSync(process.execPath, args, { stdio: 'inherit' }).status
}
process.exit(failed)
