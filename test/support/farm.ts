import { mkdir, readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'vite'
import { createFarm as createAnyFarm, type Farm, type FarmOptions } from '../../src/node/farm.ts'

export * from '../../src/node/farm.ts'

const cache = 'node_modules/.cache/outrigger'

/**
 * The farm for tests: servers run from the sources, and with `files` given they also serve
 * `dist`, so that a page finds `/outrigger.js`, `/outrigger-cover.js` and `/outrigger-sw.js`.
 */
export async function createFarm(options: Omit<FarmOptions, 'script'> = {}): Promise<Farm> {
  const files = options.files === undefined ? undefined : [...[options.files].flat(), 'dist']
  return createAnyFarm({ ...options, files, script: { file: await bundledServer() } })
}

let bundling: Promise<string> | undefined

/** Node 20 runs no TypeScript, so the server's script is bundled once for each state of its sources. */
export function bundledServer(): Promise<string> {
  bundling ??= bundle()
  return bundling
}

async function bundle(): Promise<string> {
  const names = (await readdir('src/node')).map(name => join('src/node', name))
  const times = await Promise.all(names.map(async name => (await stat(name)).mtimeMs))
  const file = join(
    cache,
    `faulty-server-${Math.max(...times)
      .toString(36)
      .replace('.', '-')}.mjs`,
  )
  if (await stat(file).catch(() => undefined)) return file
  await mkdir(cache, { recursive: true })
  // Two test files may bundle at once: each writes its own copy, and the last one stays.
  const outDir = join(cache, `build-${process.pid}`)
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: 'test/support/faulty-server-entry.ts',
      outDir,
      emptyOutDir: true,
      rolldownOptions: { output: { entryFileNames: 'server.mjs' } },
    },
  })
  await rename(join(outDir, 'server.mjs'), file)
  return file
}
