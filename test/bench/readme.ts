import { readFileSync, writeFileSync } from 'node:fs'

/** Puts a text into README between its marks `<!-- bench NAME -->` and `<!-- /bench NAME -->`. */
export function writeTable(name: string, text: string): void {
  const readme = readFileSync('README.md', 'utf8')
  const [from, to] = [`<!-- bench ${name} -->`, `<!-- /bench ${name} -->`]
  const [start, end] = [readme.indexOf(from), readme.indexOf(to)]
  if (start < 0 || end < start) throw new Error(`README.md has no place between ${from} and ${to}`)
  writeFileSync('README.md', `${readme.slice(0, start + from.length)}\n${text}\n${readme.slice(end)}`)
}
