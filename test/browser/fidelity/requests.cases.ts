import type { Case } from '../../support/fidelity/case.ts'

/** What reaches the server of a request. */
export const requests: Case[] = [
  {
    name: 'headers of the page’s own',
    async run(kit) {
      const headers = {
        'x-own': '1',
        'X-Mixed-Case': 'a, b',
        accept: 'application/vnd.own+json;q=0.9',
        'accept-language': 'fi',
        'content-language': 'sv',
        'if-modified-since-not': 'x',
        'x-csrf-token': 't=/+',
      }
      return kit.ask(kit.url('echo'), { headers })
    },
  },
  {
    name: 'Authorization',
    run: async kit => kit.ask(kit.url('echo'), { headers: { authorization: 'Bearer a.b-c_d==' } }),
  },
  {
    name: 'a header that is combined',
    run: async kit =>
      kit.ask(kit.url('echo'), {
        headers: [
          ['x-own', 'a'],
          ['x-own', 'b'],
          ['x-empty', ''],
        ],
      }),
  },
  {
    name: 'each method',
    async run(kit) {
      const seen = []
      for (const method of ['get', 'POST', 'PUT', 'PATCH', 'patch', 'DELETE', 'OPTIONS', 'PROPFIND'])
        seen.push(await kit.outcome(async () => (await fetch(kit.url('echo'), { method })).status))
      return seen
    },
  },
  {
    name: 'each kind of body, with its content type',
    async run(kit) {
      const form = new FormData()
      form.append('a', '1')
      form.append('file', new File(['hello'], 'näme "x".txt', { type: 'text/x-own' }))
      const bodies: Record<string, BodyInit> = {
        text: 'é text',
        empty: '',
        params: new URLSearchParams('a=1&b=%20&c=+'),
        form,
        blob: new Blob(['{"a":1}'], { type: 'application/json' }),
        untyped: new Blob(['raw']),
        buffer: new Uint8Array([0, 1, 254, 255]).buffer,
        view: new Uint16Array([1, 65_535]),
      }
      const seen: Record<string, unknown> = {}
      for (const [name, body] of Object.entries(bodies)) {
        const { headers, method, bytes, hash, text } = await (
          await fetch(kit.url('echo'), { method: 'POST', body })
        ).json()
        const type = String(headers['content-type'])
        const [, boundary] = /boundary=(.*)/.exec(type) ?? []
        const plain = (value: string) => (boundary ? value.replaceAll(boundary, 'BOUNDARY') : value)
        seen[name] = { method, type: plain(type), text: plain(text) }
        // A boundary is another each time, and in Firefox of another length.
        if (!boundary) seen[`${name} bytes`] = [bytes, headers['content-length'], hash]
      }
      return seen
    },
  },
  {
    name: 'a content type said by the page',
    async run(kit) {
      const headers = { 'content-type': 'application/merge-patch+json; v=1' }
      return kit.ask(kit.url('echo'), { method: 'PATCH', body: '{"a":null}', headers })
    },
  },
  {
    name: 'DELETE with and without a body',
    run: async kit => [
      await kit.ask(kit.url('echo'), { method: 'DELETE' }),
      await kit.ask(kit.url('echo'), { method: 'DELETE', body: 'why' }),
    ],
  },
  {
    name: 'a write that arrives once',
    async run(kit) {
      const id = kit.id()
      const { status } = await fetch(kit.url('echo', { id, status: 201 }), { method: 'POST', body: 'once' })
      return { status, arrivals: await kit.arrivals(id) }
    },
  },
  {
    name: 'an upload of 20 MB, which arrives whole and once',
    limitMs: 60_000,
    async run(kit) {
      const id = kit.id()
      const size = 20 * 1024 * 1024
      const bytes = new Uint8Array(size)
      for (let i = 0; i < size; i += 1_021) bytes[i] = i % 251
      const { status } = await fetch(kit.url('echo', { id }), { method: 'POST', body: new Blob([bytes]) })
      const sent = (await kit.digest(bytes)).hash
      return { status, arrivals: (await kit.arrivals(id)).map(({ bytes, hash }) => [bytes, hash === sent]) }
    },
  },
  {
    name: 'odd characters in path and query',
    async run() {
      const seen: Record<string, unknown> = {}
      const odd = [
        '?',
        '?a',
        '?a=1&a=2&&=',
        '?a=b+c%20d',
        '?;x=1;y',
        '?q=%C3%A9é',
        '?%',
        '?%zz%2',
        '/a%2Fb/%2e/c',
        '/a//b/',
        '/a b/ü',
        '/%',
        '/%u',
        '/a;b=c,d@e:f!$',
        '?\'"<>`{}|\\^[]',
        '/"<>`{}|^[]',
        '?a=?b=/c#gone',
        '/x/../y/./z',
        '/\\back',
        '?\t\n',
        '/%00',
        '?%F0%9F%98%80😀',
      ]
      for (const one of odd) {
        const response = await fetch(`/api/f/echo${one}`)
        seen[one] = [response.url, (await response.json()).path]
      }
      return seen
    },
  },
  {
    name: 'a URL that is absolute, relative, or an object',
    async run(kit) {
      const urls = [
        new URL(kit.url('echo', { n: 1 }), location.href),
        `${location.origin}/api/f/echo?n=2`,
        'api/f/echo?n=3',
      ]
      return Promise.all(urls.map(url => kit.ask(url)))
    },
  },
  {
    name: 'a Request, also one with a body and another init',
    async run(kit) {
      const read = new Request(kit.url('echo', { n: 1 }), { headers: { 'x-own': '1' } })
      const write = new Request(kit.url('echo', { n: 2 }), { method: 'POST', body: 'body', headers: { 'x-own': '2' } })
      const put = new Request(kit.url('echo', { n: 3 }), { method: 'PUT', body: new Blob(['blob']) })
      const over = new Request(kit.url('echo', { n: 4 }), { headers: { 'x-own': '4' } })
      const seen = [await kit.ask(read), await kit.ask(read), await kit.ask(write), await kit.ask(put)]
      seen.push(await kit.ask(over, { headers: { 'x-other': '5' }, method: 'PATCH', body: 'late' }))
      return { seen, used: [read.bodyUsed, write.bodyUsed, put.bodyUsed], again: await kit.ask(write) }
    },
  },
  {
    name: 'cookies by each credentials mode',
    async run(kit) {
      // biome-ignore lint/suspicious/noDocumentCookie: every engine has it
      document.cookie = 'own=1; path=/'
      const seen: Record<string, unknown> = {}
      for (const credentials of ['omit', 'same-origin', 'include'] as const)
        seen[credentials] = String(
          (await (await fetch(kit.url('echo'), { credentials })).json()).headers.cookie,
        ).includes('own=1')
      // biome-ignore lint/suspicious/noDocumentCookie: every engine has it
      document.cookie = 'own=; path=/; max-age=0'
      return seen
    },
  },
  {
    name: 'mode same-origin, cors and no-cors',
    async run(kit) {
      const seen = []
      for (const mode of ['same-origin', 'cors', 'no-cors'] as const)
        seen.push(
          await kit.ask(kit.url('echo'), { mode }),
          await kit.ask(kit.url('echo'), { mode, method: 'POST', body: 'a' }),
        )
      return seen
    },
  },
  {
    name: 'the referrer where the page wants none, or all',
    async run(kit) {
      const url = kit.url('echo', { referrer: 1 })
      const ask = async (input: string | Request, init?: RequestInit) =>
        (await (await fetch(input, init)).json()).referrer
      const seen: Record<string, unknown> = {}
      for (const referrerPolicy of ['no-referrer', 'origin', 'unsafe-url'] as const)
        seen[referrerPolicy] = await ask(url, { referrerPolicy })
      seen.none = await ask(url, { referrer: '' })
      seen.other = await ask(url, { referrer: '/other?page', referrerPolicy: 'unsafe-url' })
      seen.request = await ask(new Request(url, { referrer: '/other', referrerPolicy: 'unsafe-url' }))
      return seen
    },
  },
  {
    name: 'the referrer where the page says nothing',
    exceptions: [{ at: 'referrer', because: 'referrer' }],
    async run(kit) {
      const { referrer } = await (await fetch(kit.url('echo', { referrer: 1 }))).json()
      return { referrer }
    },
  },
  {
    name: 'priority, duplex and other options that the page cannot see',
    run: async kit =>
      kit.ask(kit.url('echo'), { priority: 'low', window: null, referrer: 'about:client' } as RequestInit),
  },
  {
    name: 'keepalive',
    exceptions: [{ at: '', because: 'keepalive', engines: ['firefox', 'webkit'] }],
    async run(kit) {
      const id = kit.id()
      const seen = await kit.ask(kit.url('echo'), { method: 'POST', body: 'bye', keepalive: true })
      return { seen, times: (await kit.arrivals(id)).length }
    },
  },
  {
    name: 'calls that fail before they are sent',
    async run(kit) {
      const calls: [string, RequestInit?][] = [
        ['http://'],
        [kit.url('echo'), { method: 'TRACE' }],
        [kit.url('echo'), { body: 'a' }],
        [kit.url('echo'), { headers: { 'bad name': '1' } }],
        [kit.url('echo'), { mode: 'navigate' }],
        [kit.url('echo'), { cache: 'only-if-cached' }],
        ['http://user:pass@127.0.0.1/api/f/echo'],
        [kit.url('echo'), { signal: AbortSignal.abort() }],
      ]
      return Promise.all(calls.map(call => kit.outcome(fetch(...call))))
    },
  },
]
