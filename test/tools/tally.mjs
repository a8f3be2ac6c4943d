// What has passed so far, kept from one sitting to the next. It counts for one state of the sources alone.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A number for what is tested and what tests it. */
function fingerprint() {
  const hash = createHash('sha256')
  const add = file => hash.update(file).update(readFileSync(file))
  for (const folder of ['src', 'sw', 'test', 'examples']) {
    for (const name of readdirSync(folder, { recursive: true }).sort()) {
      const file = join(folder, name)
      if (!file.includes('node_modules') && statSync(file).isFile()) add(file)
    }
  }
  for (const file of ['package-lock.json', 'vite.config.ts', 'vitest.config.ts']) add(file)
  return hash.digest('hex')
}

/**
 * Opens the tally kept in `file`; `empty` is what it holds for sources it has not seen, or with `again`.
 * A tally that cannot be read counts as none.
 */
export function openTally(file, empty, again = false) {
  const sources = fingerprint()
  const kept = read(file)
  const tally = kept?.sources === sources && !again ? kept : { sources, ...empty }
  return {
    tally,
    save() {
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, JSON.stringify(tally, null, 2))
    },
  }
}

function read(file) {
  try {
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
  } catch {
    return undefined
  }
}
