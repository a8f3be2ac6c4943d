import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { createFarm, type Farm, type FarmOptions } from '../../src/node/farm.ts'

const folder = 'test/browser/libraries'
const installed = join(folder, 'node_modules', '.package-lock.json')
/** Below the libraries, so that the server finds its own. */
const built = join(folder, 'node_modules', '.outrigger')

/** Installs the libraries if they are not there as the lock file says, and bundles their pages and their server. */
async function prepare(): Promise<void> {
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(join(folder, 'package-lock.json')).mtimeMs) {
    console.error(`installing the client libraries in ${folder}`)
    const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], {
      cwd: folder,
      stdio: ['ignore', 2, 2],
    })
    if (status !== 0)
      throw new Error(`npm ci in ${folder} failed; its output is above. The test of client libraries needs them.`)
  }
  const common = { emptyOutDir: true, target: 'es2022' }
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      ...common,
      outDir: join(built, 'pages'),
      rolldownOptions: {
        input: readdirSync(join(folder, 'pages')).map(name => join(folder, 'pages', name)),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'libraries/[name].js', chunkFileNames: 'libraries/[name]-[hash].js' },
      },
    },
  })
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ...common,
      ssr: join(folder, 'server.js'),
      outDir: join(built, 'server'),
      rolldownOptions: { output: { entryFileNames: 'server.mjs' } },
    },
  })
}

/** Servers that speak what the libraries speak, with the scripts of their pages below `/libraries/` and `dist`. */
export async function createLibraryFarm(options: Omit<FarmOptions, 'script' | 'files'>): Promise<Farm> {
  await prepare()
  const files = [join(built, 'pages'), 'dist']
  return createFarm({ ...options, files, script: { file: join(built, 'server', 'server.mjs') } })
}
