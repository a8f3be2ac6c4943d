import { describe, expect, test } from 'vitest'
import { readTag } from '../../../src/page/tag.ts'

const least = { servers: '/servers.json', api: '/api/' }

test('the shortest tag says enough', () => {
  expect(readTag(least)).toEqual({
    settings: { servers: '/servers.json', api: ['/api/'] },
    worker: '/outrigger-sw.js',
    problems: [],
  })
})

test('every setting has its attribute', () => {
  const { settings, problems, scope, worker } = readTag({
    servers: 'https://a.example https://b.example',
    api: '/api/ https://api.example.com/v1/',
    worker: '/sw.js',
    scope: '/app/',
    shell: '/ /app.js',
    allow: 'https://*.example.com',
    policy: 'balanced',
    probe: '/healthz',
    witnesses: 'https://w.example/alive',
    overtake: 'false',
    once: '/api/counter',
    defaults: 'lookAfterMs:800',
  })
  expect(problems).toEqual([])
  expect({ scope, worker }).toEqual({ scope: '/app/', worker: '/sw.js' })
  expect(settings).toEqual({
    servers: ['https://a.example', 'https://b.example'],
    api: ['/api/', 'https://api.example.com/v1/'],
    shell: ['/', '/app.js'],
    allow: ['https://*.example.com'],
    policy: 'balanced',
    probe: '/healthz',
    witnesses: ['https://w.example/alive'],
    overtake: false,
    once: ['/api/counter'],
    defaults: { lookAfterMs: 800 },
  })
})

describe('what is wrong is left out and told', () => {
  test.each([
    [
      { ...least, policy: 'fastest' },
      'data-policy="fastest": option "policy" must be one of primary, balanced, random',
    ],
    [{ ...least, server: 'x' }, 'data-server="x": there is no option "server", only servers'],
    [{ ...least, apiUrl: '/x' }, 'data-api-url="/x": there is no option "apiUrl"'],
    [{ api: '/api/' }, 'the script tag needs data-servers, like data-servers="/servers.json"'],
    [{ servers: '/servers.json' }, 'the script tag needs data-api, like'],
    [{ ...least, overtake: 'maybe' }, 'data-overtake="maybe": option "overtake" must be true or false'],
    [{ ...least, scope: 'https://' }, 'data-scope="https://": must be a path or a URL'],
    [{ ...least, worker: 'http://a b' }, 'data-worker="http://a b": must be a path or a URL'],
  ])('%o', (dataset, words) => {
    const { problems, settings, scope, worker } = readTag(dataset)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(words)
    expect(settings).not.toHaveProperty('policy')
    expect({ scope, worker }).toEqual({ worker: '/outrigger-sw.js' })
  })
})

describe('several in one attribute are separated by spaces', () => {
  test.each([
    ['servers', 'https://a.example,https://b.example'],
    ['servers', 'https://a.example, https://b.example'],
    ['servers', 'localhost:8001,localhost:8002'],
    ['servers', '/servers.json,/more.json'],
    ['api', '/api/,/v2/'],
    ['defaults', 'lookAfterMs:800,silenceMs:9000'],
  ])('data-%s="%s" is left out, and the author told', (name, value) => {
    const { problems, settings } = readTag({ ...least, [name]: value })
    expect(problems).toEqual([`data-${name}="${value}": separate by spaces, not by commas`])
    expect(settings).not.toHaveProperty(name)
  })

  test.each([
    ['servers', '["https://a.example", "https://b.example"]'],
    ['servers', '/servers.json?only=a,/b'],
    ['once', '/odata/range(from=1,to=2)'],
  ])("the commas of data-%s='%s' are its own", (name, value) => {
    const { problems, settings } = readTag({ ...least, [name]: value })
    expect(problems).toEqual([])
    expect(settings).toHaveProperty(name)
  })
})

test.each(['servers', 'api', 'worker', 'probe'])('a password in data-%s is neither used nor shown', name => {
  const tag = readTag({ ...least, [name]: 'https://ann:secret@a.example/x https://b.example' })
  expect(tag.problems).toEqual([
    `data-${name}="https://…@a.example/x https://b.example": must hold no user name or password: anyone can read it`,
  ])
  expect(JSON.stringify(tag)).not.toContain('secret')
})

test('attributes of hosts and frameworks are nobody’s fault', () => {
  expect(readTag({ ...least, cfasync: 'false', turboTrack: 'reload', noOptimize: '1', nHead: '' }).problems).toEqual([])
})
