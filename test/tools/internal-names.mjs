// The names of fields and methods that never leave the file they are built into, so that its minifier may shorten them:
// what internal interfaces declare, less every word that stands in a file of public, saved or posted shapes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What decides; with the second half also what hands it to the outside, which is in the same file in the worker alone. */
const rules = 'call|health|pick|servers|reports|whose-fault|board|upkeep'
const joints = 'ports|keeper|client|failover|check|rules'

/** `record`, `samples` and `sticky` are saved. */
const saved = 'errors|options|status|messages|settings|memory|list/.*|health/record|call/samples|pick/sticky'

const files = ['src', 'sw'].flatMap(folder =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name))
    .filter(file => !/^src\/(node\/|cli)/.test(file)),
)

/**
 * What a file says in code: without comments, without the texts of types, which name fields and ask for none, and of a
 * template only what is filled in.
 */
const codeOf = file =>
  readFileSync(file, 'utf8')
    .replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/ .*$|\b(Pick|Omit)<[^>]*>/gm, '')
    .replace(/`[^`]*`/g, template => (template.match(/\$\{[^}]*\}/g) ?? []).join(' '))

// Of `failover.ts` only what it offers to the cover, which is another file.
const covers = files.filter(file => /^src\/(page|adapters|core\/(keeper|client))/.test(file)).map(codeOf)
const offered = [...codeOf('src/core/failover.ts').matchAll(/export interface Failover \{[\s\S]*?\n\}/g)]
  .flatMap(([text]) => text.match(/\w+/g))
  .filter(word => covers.some(code => new RegExp(`\\b${word}\\b`).test(code)))

// What is asked for by a text could not follow.
const texts = files.flatMap(file => [...codeOf(file).matchAll(/['"](\w+)['"]/g)].map(([, word]) => word))

/** The names that these files declare, less the words of the others. */
function namesOf(internal, exposed, words) {
  const isPublic = new RegExp(`^(src/(${exposed})\\.ts$|sw/(index|settings)\\.ts$)`)
  const declares = new RegExp(`^(src/core/(${internal})|sw/)`)
  const kept = new Set([
    ...words,
    ...texts,
    ...files.filter(file => isPublic.test(file)).flatMap(file => codeOf(file).match(/\w+/g)),
  ])
  const names = files
    .filter(file => declares.test(file) && !isPublic.test(file))
    .flatMap(file => [...codeOf(file).matchAll(/interface [^{]*\{([\s\S]*?)\n\}\n/g)])
    .flatMap(([, body]) => [...body.matchAll(/^\s+(?:readonly )?(\w+)\??[(:]/gm)])
    .map(([, name]) => name)
    .filter(name => name.length > 2 && !kept.has(name))
  return [...new Set(names)].sort()
}

/** For the core in a file of its own, beside the cover. */
export const internalNames = namesOf(
  rules,
  `core|cover|fetch|global|index|core/(types|ports|check|rules|url-rule|keeper|client|${saved})`,
  offered,
)

/** For the worker, which is one file. */
export const workerNames = namesOf(`${rules}|${joints}`, `fetch|index|core/(${saved})`, [])
