import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'

const root = process.env.LAYERS_ROOT ?? '.'

/** From the ground up. A file imports from floors below its own, or from its own folder. */
const floors = [
  /^src\/core\/(types|ports|errors|options|status|messages|settings|check|rules|url-rule|bodiless)$/, // words
  /^src\/(core\/(list|pick|health|call)|adapters)\//, // rules; what touches the outside
  /^src\/core\/(failover|servers|reports|whose-fault|keeper|client|board|memory|upkeep)$/, // the rules joined
  /^(src\/(page|node)\/|sw\/(?!index$))/, // rooms
  /^(src\/(cli|core|cover|fetch|global|index)|sw\/index)$/, // doors
]
const floorOf = (file: string) => floors.findIndex(floor => floor.test(file))

const files = ['src', 'sw'].flatMap(folder =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .map(file => join(folder, file.slice(0, -3))),
)

test('there is a house to look at', () => {
  expect(files).toContain('src/core/failover')
})

test.each(files)('%s imports downwards', file => {
  expect(floorOf(file), 'has a floor').not.toBe(-1)
  const text = readFileSync(join(root, `${file}.ts`), 'utf8')
  for (const [, quote, written] of text.matchAll(/(?:from|import)\s*\(?\s*(['"`])(\.[^'"`]+)\1/g)) {
    const path = /^(.+)\.(?:ts|mjs)$/.exec(written!)?.[1]
    expect(path && quote !== '`', `${file} → ${written} is a file named in full`).toBeTruthy()
    const target = normalize(join(dirname(file), path!))
    const climbs = floorOf(target) - floorOf(file)
    const neighbour = dirname(target) === dirname(file)
    expect(climbs < 0 || (climbs === 0 && neighbour), `${file} → ${target}`).toBe(true)
  }
})

const core = files.filter(file => file.startsWith('src/core/'))

/** `URL` is the one exception: the same pure parser in every realm. */
const outside =
  /\b(?:Date\.now|new Date\(\)|Math\.random|setTimeout|setInterval|fetch\(|globalThis|self\.|window\.|navigator\.|console\.|indexedDB|caches\.|crypto\.|performance\.|document\.|location\.)/

test.each(core)('%s touches nothing outside', file => {
  const code = readFileSync(join(root, `${file}.ts`), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
  const match = code.replace(/\.fetch\(|\bfetch\((?=call)/g, '').match(outside)
  expect(match?.[0]).toBeUndefined()
})
