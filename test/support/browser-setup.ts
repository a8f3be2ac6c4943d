import { spawnSync } from 'node:child_process'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { findOrInstallBrowser } from '../../src/node/find-browser.mjs'

/** Before the browser tests: `dist` as the sources say, and a browser. */
export default async function setup(): Promise<void> {
  if (!isFresh()) {
    const { status } = spawnSync('npm', ['run', 'build'], { stdio: ['ignore', 2, 2] })
    if (status !== 0) throw new Error(`npm run build failed with status ${status}; its output is above`)
  }
  if ((process.env.OUTRIGGER_ENGINE ?? 'chromium') === 'chromium')
    process.env.OUTRIGGER_BROWSER = await findOrInstallBrowser(line => console.error(line))
}

const results = [
  'index.js',
  'fetch.js',
  'sw.js',
  'outrigger.js',
  'outrigger-cover.js',
  'outrigger-core.js',
  'outrigger-sw.js',
]

/** True when every file in `dist` is younger than every source. */
function isFresh(): boolean {
  try {
    const oldest = Math.min(...results.map(name => statSync(join('dist', name)).mtimeMs))
    return oldest > Math.max(...['src', 'sw', 'vite.config.ts', 'package.json'].map(youngest))
  } catch {
    return false
  }
}

function youngest(path: string): number {
  const { mtimeMs } = statSync(path)
  if (!statSync(path).isDirectory()) return mtimeMs
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
  return Math.max(mtimeMs, ...names.map(name => statSync(join(path, name)).mtimeMs))
}
