import { readFileSync } from 'node:fs'
import { decode } from '@jridgewell/sourcemap-codec'
import { expect, test } from 'vitest'

/** Words in quotes: they stand in the source as they stand here. */
const words = /[`"]([\w :]{14,60})[`"]/g

test.each(['outrigger.js', 'outrigger-cover.js', 'outrigger-core.js', 'outrigger-sw.js'])(
  'the source map of %s names the lines that its texts come from',
  name => {
    const code = readFileSync(`dist/${name}`, 'utf8')
    const { mappings, sourcesContent } = JSON.parse(readFileSync(`dist/${name}.map`, 'utf8'))
    const lines = decode(mappings)
    const starts = [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)]

    /** The line that the character at `offset` comes from, and its neighbours: a name may stand for a text. */
    function origin(offset: number): string {
      const line = starts.findLastIndex(start => start <= offset)
      const [, source = -1, row = 0] = lines[line]!.findLast(([column]) => column <= offset - starts[line]!) ?? []
      const rows: string[] = sourcesContent[source]?.split('\n') ?? []
      return rows.slice(Math.max(0, row - 1), row + 2).join('\n')
    }

    const all = [...code.matchAll(words)]
    const lost = all.filter(({ index, 1: text }) => !origin(index + 1).includes(text!)).map(([text]) => text)
    expect(all.length).toBeGreaterThan(2)
    expect(lost.length, lost.join()).toBeLessThanOrEqual(0.1 * all.length)
  },
)
