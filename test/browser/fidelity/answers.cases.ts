import type { Case } from '../../support/fidelity/case.ts'

/** What an answer looks like. */
export const answers: Case[] = [
  {
    name: 'a plain answer',
    run: async kit => kit.ask(kit.url('say', { h: ['content-type:text/plain', 'x-own:1'], body: 'hello' })),
  },
  {
    name: 'each status and its text',
    async run(kit) {
      const seen = []
      const good = [200, 201, 202, 203, 204, 205, 226, 299]
      for (const status of [...good, 400, 401, 403, 404, 405, 409, 410, 418, 422, 429, 451, 499])
        seen.push(await kit.ask(kit.url('say', { status, text: `Odd ${status}` })))
      return seen
    },
  },
  {
    name: 'a 5xx of every server',
    async run(kit) {
      const seen = []
      for (const status of [500, 501, 502, 503, 504, 599])
        seen.push(
          await kit.ask(kit.url('say', { status, text: 'Broken', body: 'sorry', h: 'content-type:text/plain' })),
        )
      return seen
    },
  },
  {
    name: 'an empty status text',
    run: async kit => kit.ask(kit.url('say', { text: '' })),
  },
  {
    name: 'a status above 599',
    exceptions: [{ at: '', because: 'odd statuses' }],
    run: async kit => kit.ask(kit.url('say', { status: 700, text: 'Own', body: 'odd' })),
  },
  {
    name: 'headers, many and odd ones',
    async run(kit) {
      const h = ['x-twice:1', 'x-twice:2', 'x-empty:', 'x-odd:  a  b ,;="!" ', 'x-long:'.padEnd(4_000, 'x')]
      for (let i = 0; i < 60; i++) h.push(`x-many-${i}:${i}`)
      return kit.ask(kit.url('say', { h: [...h, 'content-type:text/x-own; charset=utf-8', 'content-language:fi'] }))
    },
  },
  {
    name: 'a header beyond ASCII',
    exceptions: [{ at: 'headers/x-odd', because: 'headers beyond ASCII', when: 'any worker', engines: ['chromium'] }],
    run: async kit => kit.ask(kit.url('say', { h: 'x-odd:é' })),
  },
  {
    name: 'headers that were not exposed',
    exceptions: [{ at: 'headers/x-hidden', because: 'unexposed headers' }],
    run: async kit => kit.ask(kit.url('say', { h: ['x-hidden:1', 'x-shown:2'], body: 'a' })),
  },
  {
    name: 'a cookie set by an answer, which comes back',
    async run(kit) {
      const set = await kit.ask(kit.url('say', { h: 'set-cookie:a-session=1; Path=/' }))
      const back = await (await fetch(kit.url('echo'))).json()
      const { cookie } = back.headers
      const script = document.cookie.includes('a-session=1')
      // biome-ignore lint/suspicious/noDocumentCookie: every engine has it
      document.cookie = 'a-session=; path=/; max-age=0'
      return { set, cookie, script }
    },
  },
  {
    name: 'HEAD',
    run: async kit => kit.ask(kit.url('say', { body: 'unseen', h: 'x-own:1' }), { method: 'HEAD' }),
  },
  {
    name: 'an empty body with a length of 0',
    run: async kit => kit.ask(kit.url('say', { h: 'content-type:application/json' })),
  },
  {
    name: 'a body without a declared length',
    run: async kit => kit.ask(kit.url('say', { chunked: 1, body: '{"a":1}', h: 'content-type:application/json' })),
  },
  {
    name: 'a body of 1 MB',
    run: async kit => kit.ask(kit.url('file', { bytes: 1_000_000 })),
  },
  {
    name: 'each way to read a body',
    async run(kit) {
      const seen: Record<string, unknown> = {}
      const body = (text: string, type: string) => fetch(kit.url('say', { body: text, h: `content-type:${type}` }))
      const form = await (await body('a=1&b=%20x', 'application/x-www-form-urlencoded')).formData()
      seen.form = [...form]
      const boundary = '--b\r\ncontent-disposition: form-data; name="f"; filename="n.txt"\r\n\r\nhello\r\n--b--\r\n'
      const multipart = await (await body(boundary, 'multipart/form-data; boundary=b')).formData()
      const file = multipart.get('f') as File
      seen.file = [file.name, file.size, await file.text()]
      const blob = await (await body('blob', 'text/x-own')).blob()
      seen.blob = [blob.size, blob.type, await blob.text()]
      seen.json = await (await body('{"a":[1,"é"]}', 'application/json')).json()
      seen.badJson = await kit.outcome((await body('{', 'application/json')).json())
      seen.text = await (await body('\ufeffé😀', 'text/plain')).text()
      seen.bytes = await kit.outcome(async () => [...(await (await body('ab', 'text/plain')).bytes())])
      const reader = (await body('chunks', 'text/plain')).body!.getReader()
      seen.read = [...(await reader.read()).value!]
      seen.end = (await reader.read()).done
      const twice = await body('x', 'text/plain')
      await twice.text()
      seen.again = [twice.bodyUsed, await kit.outcome(twice.text())]
      return seen
    },
  },
  {
    name: 'a clone',
    async run(kit) {
      const response = await fetch(kit.url('file', { bytes: 300_000 }))
      const clone = response.clone()
      const [one, other] = await Promise.all([response.arrayBuffer(), clone.arrayBuffer()])
      return [kit.looks(response), kit.looks(clone), await kit.digest(one), await kit.digest(other)]
    },
  },
  {
    name: 'the right integrity',
    async run(kit) {
      const integrity = 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ='
      return kit.ask(kit.url('say', { body: 'hello' }), { integrity })
    },
  },
  {
    name: 'a wrong integrity, which the server is not blamed for',
    async run(kit) {
      const id = kit.id()
      const seen = await kit.ask(kit.url('say', { id, body: 'good-bye' }), {
        integrity: 'sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=',
      })
      return { seen, times: (await kit.arrivals(id)).length, next: await kit.ask(kit.url('say')) }
    },
  },
]
