import { mkdir, readdir, rename, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { build } from 'vite'
import { createFarm as createAnyFarm, type Farm, type FarmOptions } from '../../src/node/farm.ts'

export * from '../../src/node/farm.ts'

const cache = 'node_modules/.cache/outrigger'

/**
 * The farm for tests: servers run from the sources, and with `files` given they also serve
 * `dist`, so that a page finds `/outrigger.js`, `/outrigger-cover.js` and `/outrigger-sw.js`.
 */
export async function createFarm(options: Omit<FarmOptions, 'script'> = {}, entry?: string): Promise<Farm> {
  const files = options.files === undefined ? undefined : [...[options.files].flat(), 'dist']
  return createAnyFarm({ ...options, files, script: { file: await bundledServer(entry) } })
}

const bundling = new Map<string, Promise<string>>()

/** Node 20 runs no TypeScript, so the server's script is bundled once for each state of its sources: `src/node` and its own folder. */
export function bundledServer(entry = 'test/support/faulty-server-entry.ts'): Promise<string> {
  const bundled = bundling.get(entry) ?? bundle(entry)
  bundling.set(entry, bundled)
  return bundled
}

async function bundle(entry: string): Promise<string> {
  const folders = ['src/node', dirname(entry)]
  const names = await Promise.all(folders.map(async folder => (await readdir(folder)).map(name => join(folder, name))))
  const times = await Promise.all(names.flat().map(async name => (await stat(name)).mtimeMs))
  const file = join(
    cache,
    `${basename(entry, '-entry.ts')}-${Math.max(...times)
      .toString(36)
      .replace('.', '-')}.mjs`,
  )
  if (await stat(file).catch(() => undefined)) return file
  await mkdir(cache, { recursive: true })
  // Two test files may bundle at once: each writes its own copy, and the last one stays.
  const outDir = join(cache, `build-${process.pid}-${basename(entry, '.ts')}`)
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: true,
      rolldownOptions: { output: { entryFileNames: 'server.mjs' } },
    },
  })
  await rename(join(outDir, 'server.mjs'), file)
  return file
}
