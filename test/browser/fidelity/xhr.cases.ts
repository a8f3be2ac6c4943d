import type { Case } from '../../support/fidelity/case.ts'

/** What an answer looks like to an `XMLHttpRequest`. */
export const xhr: Case[] = [
  {
    name: 'the events of a small answer, of an empty one and of a HEAD by XHR',
    run: async kit => [
      await kit.xhr(kit.url('say', { body: 'hello', h: ['content-type:text/plain', 'x-own:1'] })),
      await kit.xhr(kit.url('say', { status: 204 })),
      await kit.xhr(kit.url('say', { body: '' })),
      await kit.xhr(kit.url('say', { body: 'hello' }), { method: 'HEAD' }),
    ],
  },
  {
    name: 'the events and the progress of a large answer, declared and not, by XHR',
    run: async kit => [
      await kit.xhr(kit.url('file', { bytes: 1_000_000 }), { type: 'arraybuffer' }).then(seen => ({
        ...seen,
        response: undefined,
      })),
      await kit.xhr(kit.url('stream', { pieces: 4, bytes: 100_000, everyMs: 60 }), { type: 'blob' }).then(seen => ({
        ...seen,
        response: undefined,
      })),
    ],
  },
  {
    name: 'a text that grows by XHR',
    async run(kit) {
      const lengths = new Set<number>()
      const at = (xhr: XMLHttpRequest) => void lengths.add(xhr.responseText.length)
      const { events } = await kit.xhr(kit.url('stream', { pieces: 4, bytes: 50, everyMs: 150 }), { at })
      return { events, lengths: [...lengths] }
    },
  },
  {
    name: 'every response type of JSON, XML, HTML and others by XHR',
    async run(kit) {
      const seen = []
      const bodies = [
        ['application/json', '{"a":[1,"é"]}'],
        ['application/xml', '<?xml version="1.0"?><a><b>é</b></a>'],
        ['text/html; charset=utf-8', '<!doctype html><title>t</title><p>é'],
        ['text/plain; charset=iso-8859-1', 'é'],
        ['application/json', '{broken'],
        ['image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
      ]
      for (const [type, body] of bodies)
        for (const responseType of ['', 'text', 'json', 'arraybuffer', 'blob', 'document'] as const) {
          // Where a path has answered with data, no page is taken from a mirror.
          const name = type?.startsWith('text/html') ? 'say-page' : 'say'
          const url = kit.url(name, { body: body!, h: `content-type:${type}` })
          const { response, xml } = await kit.xhr(url, { type: responseType })
          seen.push({ type, responseType, response, xml })
        }
      return seen
    },
  },
  {
    name: 'another type than the answer’s by XHR',
    run: async kit => {
      const url = kit.url('say', { body: '<a>é</a>', h: 'content-type:text/plain' })
      return [
        await kit.xhr(url, { mime: 'text/xml' }),
        await kit.xhr(url, { mime: 'text/plain; charset=windows-1252' }),
      ]
    },
  },
  {
    name: 'statuses by XHR',
    async run(kit) {
      const seen = []
      for (const status of [200, 201, 404, 422, 500])
        seen.push(await kit.xhr(kit.url('say', { status, text: `Odd ${status}`, body: 'sorry' })))
      return seen
    },
  },
  {
    name: 'headers both ways by XHR',
    async run(kit) {
      const url = kit.url('echo')
      const headers = { 'X-Own': 'one', authorization: 'Bearer t', 'content-type': 'application/x-own', accept: 'a/b' }
      const at = (xhr: XMLHttpRequest) => xhr.readyState === 4 && names.push(xhr.getResponseHeader('CONTENT-type'))
      const names: unknown[] = []
      const { response } = await kit.xhr(url, { method: 'POST', body: 'x', headers, type: 'json', at })
      const arrived = (response as { headers: Record<string, string> }).headers
      const sent = Object.fromEntries(Object.keys(headers).map(name => [name, arrived[name.toLowerCase()]]))
      return { sent, type: names[0], none: names.includes(null) }
    },
  },
  {
    name: 'every kind of body by XHR',
    async run(kit) {
      const form = new FormData()
      form.append('a', '1')
      form.append('file', new Blob(['hello'], { type: 'text/x' }), 'f.txt')
      const page = new DOMParser().parseFromString('<a>é</a>', 'text/xml')
      const bytes = new TextEncoder().encode('bytes')
      const bodies = [
        'é',
        form,
        new Blob(['blob'], { type: 'a/b' }),
        new Blob(['bare']),
        new URLSearchParams('a=1&b=é'),
      ]
      const seen = []
      for (const body of [...bodies, bytes, bytes.buffer, page, '', null])
        for (const method of ['POST', 'PUT']) {
          const { response } = await kit.xhr(kit.url('echo'), { method, body, type: 'json' })
          const { text, headers } = response as { text: string; headers: Record<string, string> }
          const boundary = /boundary=(.*)/.exec(headers['content-type'] ?? '')?.[1] ?? '!'
          seen.push(JSON.stringify([method, text, headers['content-type']]).replaceAll(boundary, '!'))
        }
      return seen
    },
  },
  {
    name: 'a timeout by XHR, before headers and in the body',
    run: async kit => {
      const [hung, half] = [kit.id(), kit.id()]
      return [
        await kit.xhr(kit.url('hang', { id: hung }), { timeout: 300 }),
        await kit.closed(hung),
        await kit.xhr(kit.url('half', { id: half }), { timeout: 400 }),
        await kit.closed(half),
      ]
    },
  },
  {
    name: 'an abort by XHR, before it is sent, before headers, in the body and after',
    async run(kit) {
      const [hung, half] = [kit.id(), kit.id()]
      const abort = (xhr: XMLHttpRequest, ms: number) => setTimeout(() => xhr.abort(), ms)
      const at = (type: string, ms: number) => (xhr: XMLHttpRequest, event: Event) =>
        event.type === type && (type !== 'readystatechange' || xhr.readyState > 1) && abort(xhr, ms)
      const seen = [
        await kit.xhr(kit.url('hang', { id: hung }), { at: at('loadstart', 300) }),
        await kit.closed(hung),
        await kit.xhr(kit.url('half', { id: half }), { at: at('progress', 0) }),
        await kit.closed(half),
        await kit.xhr(kit.url('say', { body: 'hello' }), { at: (xhr, { type }) => type === 'load' && xhr.abort() }),
      ]
      const xhr = new XMLHttpRequest()
      xhr.open('GET', kit.url('say', { body: 'hello' }))
      xhr.abort()
      xhr.send()
      await new Promise(done => xhr.addEventListener('loadend', done))
      return [...seen, xhr.responseText, xhr.readyState]
    },
  },
  {
    name: 'a body that breaks off by XHR',
    async run(kit) {
      const { most: _, ...seen } = await kit.xhr(kit.url('cut', { bytes: 300_000, declared: 900_000 }), {
        type: 'blob',
      })
      return seen
    },
  },
  {
    name: 'the same object used again by XHR',
    async run(kit) {
      const xhr = new XMLHttpRequest()
      const seen: unknown[] = []
      xhr.onreadystatechange = () => seen.push(xhr.readyState)
      for (const body of ['one', 'two']) {
        xhr.open('GET', kit.url('say', { body }))
        seen.push(xhr.status, xhr.responseText, xhr.responseURL, await kit.outcome(() => xhr.send()))
        seen.push(await kit.outcome(() => xhr.send()))
        await new Promise(done => xhr.addEventListener('loadend', done, { once: true }))
        seen.push(xhr.responseText, xhr.responseURL)
      }
      xhr.open('GET', kit.url('hang'))
      xhr.send()
      xhr.open('GET', kit.url('say', { body: 'three' }))
      xhr.send()
      await new Promise(done => xhr.addEventListener('loadend', done, { once: true }))
      return [...seen, xhr.responseText]
    },
  },
  {
    name: 'the interface of XMLHttpRequest',
    async run() {
      const { prototype } = XMLHttpRequest
      const members = Object.entries(Object.getOwnPropertyDescriptors(prototype)).map(
        ([name, { value, get, set, ...rest }]) => {
          const looks = [value, get, set].map(one => typeof one === 'function' && [one.name, one.length])
          return [name, ...looks, JSON.stringify(rest)].join(' ')
        },
      )
      const wrong = ['open', 'send', 'abort', 'getResponseHeader'].map(name => {
        try {
          return (prototype as never as Record<string, () => unknown>)[name]!.call(new XMLHttpRequest())
        } catch (error) {
          return String(error)
        }
      })
      return {
        members: members.sort(),
        wrong,
        above: Object.getPrototypeOf(XMLHttpRequest).name,
        constants: Object.keys(XMLHttpRequest),
        same: prototype.constructor === XMLHttpRequest,
        text: String(new XMLHttpRequest()),
        sub: (() => {
          class Own extends XMLHttpRequest {
            more = 1
          }
          const own = new Own()
          return [own instanceof Own, own instanceof XMLHttpRequest, own.more, own.readyState]
        })(),
      }
    },
  },
  {
    name: 'what XHR makes of the arguments of open',
    async run(kit) {
      const read: string[] = []
      const telling = (name: string, text: string) => ({
        toString() {
          read.push(name)
          return text
        },
      })
      const xhr = new XMLHttpRequest()
      const args = [
        telling('method', 'get'),
        telling('url', kit.url('echo')),
        true,
        telling('user', ''),
        telling('password', ''),
      ]
      Reflect.apply(xhr.open, xhr, args)
      return { read, state: xhr.readyState }
    },
  },
  {
    name: 'an XHR whose loading is stopped before its headers',
    async run(kit) {
      const xhr = new XMLHttpRequest()
      const events: string[] = []
      for (const type of ['readystatechange', 'loadstart', 'load', 'error', 'abort', 'loadend'])
        xhr.addEventListener(type, () => events.push(`${type} ${xhr.readyState} ${xhr.status}`))
      xhr.open('GET', kit.url('hang', { id: kit.id() }))
      xhr.send()
      await kit.wait(300)
      window.stop()
      await kit.wait(700)
      const seen = events.splice(0)
      xhr.abort()
      return seen
    },
  },
  {
    name: 'an upload by XHR that is aborted as soon as it is sent',
    async run(kit) {
      const xhr = new XMLHttpRequest()
      const events: string[] = []
      for (const [name, target] of [
        ['', xhr],
        ['upload ', xhr.upload],
      ] as const)
        for (const type of ['readystatechange', 'loadstart', 'load', 'error', 'abort', 'loadend'])
          target.addEventListener(type, () => events.push(`${name}${type} ${xhr.readyState}`))
      xhr.open('POST', kit.url('hang', { id: kit.id() }))
      xhr.send('x'.repeat(10_000))
      xhr.abort()
      await kit.wait(300)
      return events
    },
  },
  {
    name: 'a synchronous XHR',
    credentials: 'omit',
    exceptions: [{ at: '', because: 'synchronous XHR', engines: ['chromium', 'webkit'] }],
    async run(kit) {
      const xhr = new XMLHttpRequest()
      xhr.open('GET', kit.url('say', { body: 'at once', h: 'x-own:1' }), false)
      xhr.send()
      return [xhr.status, xhr.responseText, xhr.getResponseHeader('x-own'), xhr.responseURL, xhr.readyState]
    },
  },
]
