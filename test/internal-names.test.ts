import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { client } from './support/client.ts'
import { internalNames } from './tools/internal-names.mjs'

/** Every name that an interface or a type in these files declares. */
function declared(files: readonly string[]): string[] {
  return files.flatMap(file => {
    const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
    return [...text.matchAll(/(\w+)\??(?=\s*[(:])/g)].map(([, name]) => name!)
  })
}

/** The keys of plain data, however deep. */
function keysIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => [key, ...keysIn(inner)])
}

test('there are names to shorten', () => {
  expect(internalNames).toContain('accuse')
  expect(internalNames.length).toBeGreaterThan(50)
})

test('none of them is a word of what is public, posted, or handed from file to file', () => {
  const words = ['types', 'ports', 'errors', 'options', 'status', 'messages', 'settings', 'memory', 'keeper', 'client']
  const names = declared(words.map(word => `src/core/${word}.ts`))
  expect(names).toContain('attemptTimeoutMs')
  expect(internalNames.filter(name => names.includes(name))).toEqual([])
})

test('none of them is a key of what the core shows or remembers, or offers the cover, which is another file', () => {
  const { core, get, net } = client()
  net.servers['https://a.example']!.api = 'refuse'
  get('/api/read')
  get('/api/write', { method: 'PUT' })
  const cover = ['page/cover', 'core/keeper', 'core/client'].map(name => readFileSync(`src/${name}.ts`, 'utf8')).join()
  const offered = Object.keys(core).filter(name => new RegExp(`\\b${name}\\b`).test(cover))
  expect(offered).toContain('restore')
  const keys = [...offered, ...keysIn(core.memory()), ...keysIn(core.status())]
  expect(keys).toContain('ejections')
  expect(internalNames.filter(name => keys.includes(name))).toEqual([])
})

test('none of them is asked of an object of the platform, which would not know it by another name', () => {
  const names = Object.getOwnPropertyNames(globalThis).filter(name => name !== 'Buffer')
  const known = names.flatMap(name => {
    const { prototype } = Object(Reflect.get(globalThis, name))
    return prototype ? Object.getOwnPropertyNames(prototype) : []
  })
  expect(known).toContain('close')
  const outside = ['src/adapters', 'sw'].flatMap(folder =>
    readdirSync(folder).map(name => readFileSync(join(folder, name), 'utf8')),
  )
  const asked = (name: string) => outside.some(code => new RegExp(`\\.${name}\\b`).test(code))
  expect(asked('close')).toBe(true)
  expect(internalNames.filter(name => known.includes(name) && asked(name))).toEqual([])
})

test('none of them is asked for by a text, which would not be shortened with it', () => {
  const files = ['src/core', 'sw'].flatMap(folder =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.ts'))
      .map(name => join(folder, name)),
  )
  const texts = files.flatMap(file =>
    // The texts of types are gone when the code runs.
    [
      ...readFileSync(file, 'utf8')
        .replace(/\b(Pick|Omit)<[^>]*>/g, '')
        .matchAll(/['"](\w+)['"]/g),
    ].map(([, text]) => text!),
  )
  expect(internalNames.filter(name => texts.includes(name))).toEqual([])
})
