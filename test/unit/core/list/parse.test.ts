import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isFailoverError } from '../../../../src/core/errors.ts'
import { type ListPlace, parseList, readList } from '../../../../src/core/list/parse.ts'
import { defaults } from '../../../../src/core/options.ts'
import type { ServerList } from '../../../../src/core/types.ts'

const file = 'https://www.example.com/conf/servers.json'
const place: ListPlace = { file, base: file, secure: true }
const parse = (text: string, more: Partial<ListPlace> = {}) => parseList(text, { ...place, ...more })
const full = {
  version: 7,
  issued: '2026-11-20T12:00:00Z',
  expires: '2026-12-20T12:00:00Z',
  servers: [
    {
      url: 'https://a.example.com',
      weight: 2,
      tier: 1,
      zone: 'eu',
      transport: 'cors',
      credentials: 'headers',
      writes: false,
    },
  ],
  sources: ['/servers.json', 'more.json', 'https://b.example.com/servers.json'],
  probe: '/healthz',
  witnesses: ['https://other.example/alive'],
  policy: 'random',
  defaults: { attemptTimeoutMs: 5000 },
}
/** A list as a directory would publish it. */
function serialize({ issuedAt, expiresAt, ...list }: ServerList): string {
  const moment = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString())
  return JSON.stringify({ ...list, issued: moment(issuedAt), expires: moment(expiresAt) })
}

const plain = { weight: 1, tier: 0, transport: 'auto', credentials: 'omit', writes: true }

describe('a list that can be used', () => {
  test('gives every field, relative sources resolved against its own URL', () => {
    expect(parse(JSON.stringify(full))).toEqual({
      list: {
        version: 7,
        issuedAt: Date.UTC(2026, 10, 20, 12),
        expiresAt: Date.UTC(2026, 11, 20, 12),
        servers: [{ ...full.servers[0], url: 'https://a.example.com/' }],
        sources: [
          'https://www.example.com/servers.json',
          'https://www.example.com/conf/more.json',
          'https://b.example.com/servers.json',
        ],
        probe: '/healthz',
        witnesses: ['https://other.example/alive'],
        policy: 'random',
        defaults: { attemptTimeoutMs: 5000 },
      },
      warnings: [],
    })
  })

  test.each([
    ['a bare array of URLs', '["https://a.example.com/app"]', ['https://a.example.com/app/']],
    ['entries with a URL alone', '{"servers":[{"url":"https://a.example.com"}]}', ['https://a.example.com/']],
    ['a byte order mark', '\uFEFF["https://a.example.com"]', ['https://a.example.com/']],
    [
      'loopback on a secure page',
      '["http://localhost:1","http://127.0.0.1:2","http://[::1]:3","http://x.localhost"]',
      ['http://localhost:1/', 'http://127.0.0.1:2/', 'http://[::1]:3/', 'http://x.localhost/'],
    ],
    [
      'one host with two paths',
      '["https://a.example.com/x","https://a.example.com/y"]',
      ['https://a.example.com/x/', 'https://a.example.com/y/'],
    ],
  ])('%s', (_, text, urls) => {
    const { list, warnings } = parse(text)
    expect(list.servers).toEqual(urls.map(url => ({ ...plain, url })))
    expect(list).toMatchObject({ sources: [], witnesses: [], policy: 'primary', defaults: {} })
    expect(warnings).toEqual([])
  })

  test('what it does not say comes from the options', () => {
    const missing = {
      policy: 'balanced' as const,
      probe: '/up',
      witnesses: ['https://w.example/'],
      defaults: { lookAfterMs: 1, stallMs: 2 },
    }
    const { list } = parse('{"servers":["https://a.example"],"defaults":{"stallMs":3}}', { missing })
    expect(list).toMatchObject({ ...missing, defaults: { lookAfterMs: 1, stallMs: 3 } })
    expect(parse('{"servers":["https://a.example"],"policy":"random"}', { missing }).list.policy).toBe('random')
  })

  test.each([
    ['{"servers":["https://a.example"],"color":1}', 'at color: is unknown and was left out'],
    ['{"servers":[{"url":"https://a.example","wieght":1}]}', 'at servers[0].wieght: is unknown and was left out'],
    ['{"servers":["https://a.example"],"defaults":{"lookMs":1}}', 'at defaults.lookMs: is unknown and was left out'],
    ['{"servers":["https://a.example"],"__proto__":{"policy":"random"}}', 'at __proto__: is unknown'],
  ])('%s is used with a warning', (text, warning) => {
    const { list, warnings } = parse(text)
    expect(warnings).toEqual([expect.stringContaining(warning)])
    expect(list.policy).toBe('primary')
  })
})

describe('a list that cannot be used says where and why', () => {
  test.each([
    '',
    ' \n',
    '<!doctype html>',
    '{"servers": [\n  "https://a.example",\n]}',
    '{"servers": ["https://a.example"] "probe": "/"}',
    '{servers: []}',
    '{"servers": [TRUE]}',
    '["https://a.example"',
    '["https://a.example"]]',
    '["a\nb"]',
  ])('no JSON, in the words of the engine, which says where: %j', text => {
    let said = ''
    try {
      JSON.parse(text)
    } catch (error) {
      said = (error as Error).message
    }
    expect(said).not.toBe('')
    expect(() => parse(text)).toThrow(
      `Outrigger: server list ${file}: must be JSON like ["https://a.example.com/"]; ${said}`,
    )
  })

  const one = (fields: string) => `{"servers":[{"url":"https://a.example",${fields}}]}`
  const list = (fields: string) => `{"servers":["https://a.example"],${fields}}`
  test.each([
    ['x'.repeat(1_000_001), ': must be at most 1 MB; it is 1000001'],
    ['null', ': must be an object with "servers"'],
    ['"https://a.example"', ': must be an object with "servers"'],
    ['{}', ' at servers: must be an array of 1 to 10,000; it is missing'],
    ['{"servers":{}}', ' at servers: must be an array'],
    ['[]', ' at servers: must be an array of 1 to 10,000; it is an array of 0'],
    ['[1]', ' at servers[0]: must be an absolute URL, or an object with one as "url"'],
    [
      '[{}]',
      ' at servers[0].url: must be an absolute URL that begins with https://, without user name, query and fragment; it is missing',
    ],
    [
      '["/a"]',
      ' at servers[0].url: must be an absolute URL that begins with https://, without user name, query and fragment; it is "/a"',
    ],
    ['["ftp://a.example"]', ' at servers[0].url: must be an absolute URL that begins with https://'],
    ['["javascript:alert(1)"]', ' at servers[0].url: must be an absolute URL that begins with https://'],
    [
      '["https://u:p@a.example"]',
      ' at servers[0].url: must be an absolute URL that begins with https://, without user name, query and fragment; it is "https://…@a.example"',
    ],
    [
      '["https://a.example/?x"]',
      ' at servers[0].url: must be an absolute URL that begins with https://, without user name, query and fragment; it is "https://a.example/?x"',
    ],
    [
      '["https://a.example/#x"]',
      ' at servers[0].url: must be an absolute URL that begins with https://, without user name, query and fragment; it is "https://a.example/#x"',
    ],
    [
      '["http://a.example"]',
      ' at servers[0].url: must be an absolute URL that begins with https://, without user name, query and fragment; it is "http://a.example"',
    ],
    [
      '["http://127.0.0.1.example"]',
      ' at servers[0].url: must be an absolute URL that begins with https://, without user name, query and fragment; it is "http://127.0.0.1.example"',
    ],
    [
      '["https://a.example","https://b.example","https://A.example:443/"]',
      ' at servers[2]: must be another server than servers[0]; it is "https://a.example/"',
    ],
    [
      JSON.stringify(Array.from({ length: 10_001 }, (_, i) => `https://s${i}.example`)),
      ' at servers: must be an array of 1 to 10,000; it is an array of 10001',
    ],
    [one('"weight":0'), ' at servers[0].weight: must be from 0.000001 to 1000000; it is 0'],
    [one('"weight":1e308'), ' at servers[0].weight: must be from 0.000001 to 1000000; it is 1e+308'],
    [one('"weight":-1'), ' at servers[0].weight: must be from 0.000001'],
    [one('"weight":"2"'), ' at servers[0].weight: must be from 0.000001 to 1000000; it is "2"'],
    [one('"weight":null'), ' at servers[0].weight'],
    [one('"tier":1.5'), ' at servers[0].tier: must be a whole number from 0; it is 1.5'],
    [one('"zone":1'), ' at servers[0].zone: must be a text'],
    [one('"writes":"no"'), ' at servers[0].writes: must be true or false'],
    [one('"transport":"udp"'), ' at servers[0].transport: must be one of auto, cors, bridge, script; it is "udp"'],
    [one('"credentials":true'), ' at servers[0].credentials: must be one of omit, headers, include; it is true'],
    [list('"version":"7"'), ' at version: must be a whole number'],
    [list('"issued":1700000000'), ' at issued: must be like "2026'],
    [list('"expires":"2026-99-99"'), ' at expires: must be like "2026'],
    [list('"sources":"/x"'), ' at sources: must be an array'],
    [list('"sources":["http://a.example/x"]'), ' at sources: must be a URL that begins with https://'],
    [list('"witnesses":["https://w.example/",1]'), ' at witnesses[1]: must be a URL'],
    [list('"witnesses":[1]'), ' at witnesses: must be a URL'],
    [list('"probe":"healthz"'), ' at probe: must be a path like /healthz, or a URL'],
    [list('"probe":"//a.example"'), ' at probe: must be a path like /healthz, or a URL'],
    [list('"probe":"http://a.example/up"'), ' at probe: must be a URL that begins with https://'],
    [list('"probe":"ftp://a.example/"'), ' at probe: must be a path like /healthz, or a URL'],
    [list('"policy":"best"'), ' at policy: must be one of primary, balanced, random; it is "best"'],
    [list('"defaults":[]'), ' at defaults: must be an object of numbers'],
    [list('"defaults":{"lookAfterMs":-1}'), ' at defaults.lookAfterMs: must be a number above 0; it is -1'],
  ])('%.60s', (text, message) => {
    expect(() => parse(text)).toThrow(`Outrigger: server list ${file}${message}`)
  })

  test('weights that JSON cannot hold are refused in the options too', () => {
    for (const weight of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      expect(() => readList([{ url: 'https://a.example', weight }], place)).toThrow('servers[0].weight')
    }
  })
})

describe('for any text or data', () => {
  const guarded = (read: () => unknown) => {
    try {
      read()
    } catch (error) {
      expect(isFailoverError(error) && error.code).toBe('bad-list')
    }
  }

  test('nothing but our own error is thrown', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), text => guarded(() => parse(text))))
    fc.assert(fc.property(fc.json(), text => guarded(() => parse(text))))
    const known = fc.record(Object.fromEntries([...Object.keys(full), 'servers'].map(name => [name, fc.anything()])), {
      requiredKeys: [],
    })
    fc.assert(fc.property(known, data => guarded(() => readList({ servers: ['https://a.example'], ...data }, place))))
    const entry = fc.record(Object.fromEntries(Object.keys(full.servers[0]!).map(name => [name, fc.anything()])), {
      requiredKeys: [],
    })
    fc.assert(fc.property(entry, data => guarded(() => readList([{ url: 'https://a.example', ...data }], place))))
  })

  test('a damaged list is refused with a place in it, or still a list', () => {
    const good = JSON.stringify(full, undefined, 2)
    fc.assert(
      fc.property(fc.nat(good.length - 1), fc.string({ maxLength: 3 }), (at, noise) => {
        guarded(() => parse(good.slice(0, at) + noise + good.slice(at + 1)))
      }),
    )
  })

  test('deep nesting and long strings are survived', () => {
    for (const text of [
      '['.repeat(900_000),
      `"${'a'.repeat(900_000)}`,
      `["${'\\n'.repeat(400_000)}`,
      `${' '.repeat(900_000)}x`,
    ]) {
      guarded(() => parse(text))
    }
  })

  test('a list written out and read again is the same', () => {
    const moment = fc
      .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
      .map(date => date.toISOString())
    const tuning = fc.dictionary(
      fc.constantFrom(...Object.keys(defaults)),
      fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
    )
    const server = fc.record(
      {
        url: fc.webUrl({ withQueryParameters: false }).map(url => url.replace(/^http:/, 'https:')),
        weight: fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        tier: fc.nat(9),
        zone: fc.string(),
        transport: fc.constantFrom('auto', 'cors', 'bridge', 'script'),
        credentials: fc.constantFrom('omit', 'headers', 'include'),
        writes: fc.boolean(),
      },
      { requiredKeys: ['url'] },
    )
    const data = fc.record(
      {
        version: fc.nat(),
        issued: moment,
        expires: moment,
        servers: fc.uniqueArray(server, { minLength: 1, maxLength: 5, selector: entry => new URL(entry.url).host }),
        sources: fc.array(fc.webUrl().map(url => url.replace(/^http:/, 'https:'))),
        probe: fc.constantFrom('/healthz', 'https://p.example/'),
        policy: fc.constantFrom('primary', 'balanced', 'random'),
        defaults: tuning,
      },
      { requiredKeys: ['servers'] },
    )
    fc.assert(
      fc.property(data, written => {
        const { list } = parse(JSON.stringify(written))
        const again = parse(serialize(list))
        expect(again.list).toEqual(list)
        expect(again.warnings).toEqual([])
      }),
    )
  })
})
