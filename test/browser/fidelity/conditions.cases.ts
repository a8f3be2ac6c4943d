import type { Case } from '../../support/fidelity/case.ts'

/** Ranges, validators and caches. */
export const conditions: Case[] = [
  {
    name: 'a range, of each kind',
    async run(kit) {
      const seen = []
      for (const range of [
        'bytes=0-9',
        'bytes=990-',
        'bytes=-5',
        'bytes=10-10',
        'bytes=0-99999',
        'bytes=5000-',
        'lines=1-2',
      ])
        seen.push(await kit.ask(kit.url('file', { cache: 'no-store' }), { headers: { range } }))
      return seen
    },
  },
  {
    name: 'a range of a file over 256 kB',
    run: async kit =>
      kit.ask(kit.url('file', { bytes: 900_000, cache: 'no-store' }), { headers: { range: 'bytes=100000-799999' } }),
  },
  {
    name: 'a range if the file is still the same',
    exceptions: [{ at: 'same', because: 'validators' }],
    async run(kit) {
      const range = 'bytes=10-19'
      const same = await kit.ask(kit.url('file'), { headers: { range, 'if-range': '"file-1"' } })
      return { same, other: await kit.ask(kit.url('file'), { headers: { range, 'if-range': '"file-0"' } }) }
    },
  },
  {
    name: 'If-None-Match of the page’s own',
    exceptions: [
      { at: '0', because: 'validators' },
      { at: '1', because: 'validators' },
      { at: '2', because: 'validators' },
    ],
    async run(kit) {
      const seen = []
      for (const tag of ['"file-1"', 'W/"file-1"', '"x", "file-1"', '"file-0"'])
        seen.push(await kit.ask(kit.url('file'), { headers: { 'if-none-match': tag } }))
      return seen
    },
  },
  {
    name: 'If-Modified-Since of the page’s own',
    exceptions: [{ at: '0', because: 'validators' }],
    async run(kit) {
      const since = (date: string) => kit.ask(kit.url('file'), { headers: { 'if-modified-since': date } })
      return [await since('Wed, 21 Oct 2026 07:28:00 GMT'), await since('Wed, 21 Oct 2020 07:28:00 GMT')]
    },
  },
  {
    name: 'If-Match of the page’s own with a write',
    async run(kit) {
      const headers = { 'if-match': '"file-1"' }
      return kit.ask(kit.url('echo'), { method: 'PUT', body: 'a', headers })
    },
  },
  {
    name: 'an answer that the browser keeps and asks for again',
    async run(kit) {
      const id = kit.id()
      const seen = []
      for (let i = 0; i < 3; i++) seen.push(await kit.ask(kit.url('file', { id })))
      return { seen, asked: (await kit.arrivals(id)).map(({ headers }) => headers['if-none-match']) }
    },
  },
  {
    name: 'an answer that the browser keeps and asks for no more',
    async run(kit) {
      const id = kit.id()
      const seen = []
      for (let i = 0; i < 3; i++) seen.push(await kit.ask(kit.url('file', { id, cache: 'max-age=600' })))
      return { seen, times: (await kit.arrivals(id)).length }
    },
  },
  {
    name: 'each cache mode',
    async run(kit) {
      const seen: Record<string, unknown> = {}
      for (const cache of ['default', 'no-store', 'reload', 'no-cache', 'force-cache'] as const) {
        const id = kit.id()
        const url = kit.url('file', { id, cache: 'max-age=600' })
        const first = await kit.ask(url)
        const second = await kit.ask(url, { cache })
        const asked = (await kit.arrivals(id)).map(({ headers }) => [
          headers['if-none-match'],
          headers['cache-control'],
          headers.pragma,
        ])
        seen[cache] = { first, second, asked }
      }
      return seen
    },
  },
  {
    name: 'cache: only-if-cached, of what is not kept',
    exceptions: [{ at: '', because: 'only-if-cached', engines: ['webkit'] }],
    run: async kit => kit.ask(kit.url('file', { n: 1 }), { cache: 'only-if-cached', mode: 'same-origin' }),
  },
  {
    name: 'cache: only-if-cached, of what is kept',
    exceptions: [{ at: '', because: 'only-if-cached', engines: ['webkit'] }],
    async run(kit) {
      const url = kit.url('file', { n: 2, cache: 'max-age=600' })
      await kit.ask(url)
      return kit.ask(url, { cache: 'only-if-cached', mode: 'same-origin' })
    },
  },
]
