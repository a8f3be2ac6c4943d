// The names of fields and methods that never leave the file they are built into, so that its minifier may shorten them:
// what internal interfaces declare, less every word that stands in a file of public, saved or posted shapes.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const isInternal = /^(src\/core\/(call|health|pick|servers|reports|whose-fault|board|upkeep)|sw\/)/

/** `failover` and `keeper` cross from `outrigger-core.js` to the cover; `record`, `samples` and `sticky` are saved. */
const isPublic =
  /^(src\/(core|cover|fetch|global|index)\.ts$|src\/core\/(types|ports|errors|options|status|messages|settings|check|rules|url-rule|memory|keeper|client|list\/.*|health\/record|call\/samples|pick\/sticky)\.ts$|sw\/(index|settings)\.ts$)/

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

/** Of what is asked of a channel or a database, too: they know these names by themselves. */
const platform = ['close']

const words = new Set(platform)
for (const file of files.filter(file => isPublic.test(file)))
  for (const word of codeOf(file).match(/\w+/g)) words.add(word)
// Of `failover.ts` only what it offers to the cover, which is another file.
const covers = files.filter(file => /^src\/(page|adapters|core\/(keeper|client))/.test(file)).map(codeOf)
for (const [offered] of codeOf('src/core/failover.ts').matchAll(/export interface Failover \{[\s\S]*?\n\}/g))
  for (const word of offered.match(/\w+/g))
    if (covers.some(code => new RegExp(`\\b${word}\\b`).test(code))) words.add(word)
// What is asked for by a text could not follow.
for (const file of files) for (const [, word] of codeOf(file).matchAll(/['"](\w+)['"]/g)) words.add(word)

export const internalNames = [
  ...new Set(
    files
      .filter(file => isInternal.test(file) && !isPublic.test(file))
      .flatMap(file => [...codeOf(file).matchAll(/interface [^{]*\{([\s\S]*?)\n\}\n/g)])
      .flatMap(([, body]) => [...body.matchAll(/^\s+(?:readonly )?(\w+)\??[(:]/gm)])
      .map(([, name]) => name)
      .filter(name => name.length > 2 && !words.has(name)),
  ),
].sort()
