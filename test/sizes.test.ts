import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Row {
  name: string
  bytes: number
  budget: number
  text: string
}

if (!existsSync('dist/outrigger-sw.js')) execFileSync(process.execPath, ['test/tools/build.mjs'], { stdio: 'inherit' })
const measured = execFileSync(process.execPath, ['test/tools/size.mjs', '--json'], { encoding: 'utf8' })
const { rows, table }: { rows: Row[]; table: string } = JSON.parse(measured)

test.each(rows)('$name is within its budget of $budget bytes, gzipped', ({ bytes, budget }) => {
  expect(bytes).toBeLessThanOrEqual(budget)
})

test('README quotes every size as measured', () => {
  const readme = existsSync('README.md') ? readFileSync('README.md', 'utf8') : ''
  const [, quoted] = /<!-- sizes -->\n([\s\S]*?)\n<!-- \/sizes -->/.exec(readme) ?? []
  const mend =
    'README.md needs the table between <!-- sizes --> and <!-- /sizes -->: `npm run size -- --write` puts it there'
  expect(quoted, mend).toBe(table)
})
