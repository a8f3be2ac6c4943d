import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'
import { globalsOf, importsOf } from './support/house.ts'

const root = process.env.LAYERS_ROOT ?? '.'

/** From the ground up. A file imports from floors below its own, or from its own folder. */
const floors = [
  /^src\/core\/(types|ports|errors|options|status|messages|settings|check|rules|url-rule|moments)$/, // words
  /^src\/(core\/(list|pick|health|call)|adapters)\//, // rules; what touches the outside
  /^src\/core\/(failover|servers|reports|whose-fault|keeper|client|board|memory|upkeep)$/, // the rules joined
  /^(src\/(page|node)\/|sw\/(?!index$))/, // rooms
  /^(src\/(cli|core|cover|fetch|global|index)|sw\/index)$/, // doors
]
const code = /(\.d)?\.[cm]?[jt]sx?$/
const floorOf = (file: string) => floors.findIndex(floor => floor.test(file.replace(code, '')))
const isCore = (file: string) => file.startsWith('src/core/')

const files = ['src', 'sw'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => code.test(file))
    .map(file => join(folder, file)),
)

/** It loads the files of `dist` that stand beside its own. */
const loader = /^src\/page\/late-script\.ts$/

/** Everything that a file imports and should not. */
function wrongImports(file: string, text: string): string[] {
  if (/^\s*\/\/\/\s*<(reference|amd)/m.test(text)) return ['a reference that no import names']
  return importsOf(file, text).flatMap(written => {
    if (!written) return loader.test(file) ? [] : ['an import that is only known when it runs']
    if (!written.startsWith('.')) return isCore(file) ? [`${written} is a package`] : []
    if (!code.test(written)) return [`${written} is no file named in full`]
    const target = normalize(join(dirname(file), written))
    const climbs = floorOf(target) - floorOf(file)
    const neighbour = dirname(target) === dirname(file)
    const stays = isCore(target) || !isCore(file)
    return floorOf(target) >= 0 && stays && (climbs < 0 || (climbs === 0 && neighbour)) ? [] : [`${file} → ${target}`]
  })
}

/** What is the same in every realm, whenever it is asked. `URL` reads text, and is part of no realm's network. */
const pure =
  /^(undefined|(Array|Boolean|Error|Float64Array|JSON|Map|Number|Object|Promise|RegExp|Set|String|TypeError)(\.\w+)?|Symbol\.for|Date\.parse|Math\.(?!random$)\w+|URL(\.canParse)?|URLSearchParams)$/
const outsideOf = (file: string, text: string) => globalsOf(file, text).filter(name => !pure.test(name))

const read = (file: string) => readFileSync(join(root, file), 'utf8')

test('there is a house to look at, and nothing beside it', () => {
  expect(files).toContain('src/core/failover.ts')
  const folders = readdirSync(root, { withFileTypes: true })
    .filter(entry => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
  expect(folders.filter(name => !/^(src|sw|test|examples|dist|node_modules)$/.test(name))).toEqual([])
})

test.each(files)('%s imports downwards', file => {
  expect(floorOf(file), 'has a floor').not.toBe(-1)
  expect(wrongImports(file, read(file))).toEqual([])
})

test.each(files.filter(isCore))('%s touches nothing outside', file => {
  expect(outsideOf(file, read(file))).toEqual([])
})

describe('an arrow out of place is seen', () => {
  test.each([
    ['src/core/failover.ts', "import { createTransport } from '../adapters/cors-fetch.ts'"],
    ['src/core/failover.ts', "import type { CallExtra } from '../adapters/call.ts'"],
    ['src/core/pick/order.ts', "import { openDB } from 'idb'"],
    ['src/core/pick/order.ts', "export * from 'node:fs'"],
    ['src/core/pick/order.ts', "import { a } from '../health/record.ts'"],
    ['src/core/pick/order.ts', "const a = import(/* what */ '../failover.ts')"],
    ['src/core/pick/order.ts', "const a = import(\n  // what\n  '../failover.ts',\n)"],
    ['src/core/pick/order.ts', 'const a = import(`../../core/types.ts`)'],
    ['src/core/pick/order.ts', "type A = import('../failover.ts').Failover"],
    ['src/core/pick/order.ts', "import '../failover'"],
    ['src/core/pick/order.ts', '/// <reference path="../failover.ts" />'],
    ['src/core/pick/order.js', "import { createFailover } from '../failover.ts'"],
    ['src/core/pick/order.mjs', "export { createFailover } from '../failover.js'"],
    ['src/core/pick/order.tsx', "import { createFailover } from '../failover.tsx'"],
    ['src/adapters/call.ts', "import { pick } from '../core/pick/order.ts'"],
    ['sw/api.ts', "import { cover } from '../src/page/cover.ts'"],
    ['src/page/cover.ts', "import { worker } from '../../sw/index.ts'"],
    ['src/page/cover.ts', "import { help } from '../../test/support/client.ts'"],
  ])('%s: %s', (file, text) => expect(wrongImports(file, text)).toHaveLength(1))
})

describe('what touches the outside is seen', () => {
  test.each([
    'export const a = +new Date',
    'export const a = new Date()',
    'export const { now } = Date',
    'export const { random } = Math',
    "export const a = Math['random']()",
    'export const a = navigator?.onLine',
    'export const a = typeof navigator',
    'export const a = { fetch }',
    'export const a = (send = fetch) => send',
    "export const a = globalThis['fetch']",
    "export const a = 'https://a.example/'; setTimeout(a)",
    'export const a = import.meta.url',
    "export const a = require('fs')",
    'export const a = process.env.A',
    "export const a = [].at.constructor('return fetch')",
    "export const a = [].at['constructor']",
    'export const { constructor } = [].at',
  ])('%s', text => expect(outsideOf('src/core/a.ts', text)).toHaveLength(1))
})
