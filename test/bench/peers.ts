import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'

const folder = 'test/bench/peers'
const installed = join(folder, 'node_modules', '.package-lock.json')

/** Where the clients' pages find their scripts. */
export const built = 'node_modules/.cache/outrigger/bench'

export interface Client {
  name: string
  /** What is compared with the others. */
  ours: boolean
  /** Name of its script in `peers`. */
  script: string
  /** The page has the script tag. */
  tag: boolean
}

const peer = { ours: false, tag: false }

export const clients: Client[] = [
  { name: 'Outrigger', ours: true, script: 'fetch', tag: true },
  { name: 'outrigger/fetch', ours: true, script: 'outrigger-fetch', tag: false },
  { name: 'plain fetch', ...peer, script: 'fetch' },
  { name: 'resilient', ...peer, script: 'resilient' },
  { name: 'algoliasearch', ...peer, script: 'algolia' },
  { name: 'typesense', ...peer, script: 'typesense' },
  { name: 'viem fallback', ...peer, script: 'viem' },
]

/** Versions of the peers, by package. */
export function peerVersions(): Record<string, string> {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).dependencies
}

/** Installs the peers beside their scripts if they are not there as the lock file says, and bundles what the pages run. */
export async function preparePeers(say: (line: string) => void): Promise<void> {
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(join(folder, 'package-lock.json')).mtimeMs) {
    say('installing the peers')
    const { status } = spawnSync('npm', ['ci', '--ignore-scripts'], { cwd: folder, stdio: ['ignore', 2, 2] })
    if (status !== 0) throw new Error(`npm ci in ${folder} failed`)
  }
  say('bundling the clients')
  await build({
    configFile: false,
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"', global: 'globalThis' },
    build: {
      outDir: built,
      emptyOutDir: true,
      target: 'es2022',
      rolldownOptions: {
        input: readdirSync(folder)
          .filter(name => name.endsWith('.js') && name !== 'serve.js')
          .map(name => join(folder, name)),
        output: { entryFileNames: 'bench/[name].js', chunkFileNames: 'bench/[name]-[hash].js' },
      },
    },
  })
}
