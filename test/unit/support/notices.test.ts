import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Case } from '../../support/fidelity/case.ts'
import { notices } from '../../support/fidelity/notices.ts'

const folder = 'test/browser/fidelity'

test('README lists what a page can still notice, and nothing else', () => {
  const [, list] = /<!-- notices -->\n([\s\S]*?)<!-- \/notices -->/.exec(readFileSync('README.md', 'utf8')) ?? []
  expect(list).toBe(
    Object.values(notices)
      .map(notice => `- ${notice}\n`)
      .join(''),
  )
})

test('each of them is what some case found', async () => {
  const names = readdirSync(folder).filter(name => name.endsWith('.cases.ts'))
  const modules = await Promise.all(names.map(name => import(/* @vite-ignore */ `../../browser/fidelity/${name}`)))
  const cases = modules.flatMap(module => Object.values(module).flat()) as Case[]
  const found = cases.flatMap(({ exceptions = [] }) => exceptions.map(({ because }) => because))
  expect([...new Set(found)].sort()).toEqual(Object.keys(notices).sort())
})
