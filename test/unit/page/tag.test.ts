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
  ])('%o', (dataset, words) => {
    const { problems, settings } = readTag(dataset)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(words)
    expect(settings).not.toHaveProperty('policy')
  })
})

test('attributes of hosts and frameworks are nobody’s fault', () => {
  expect(readTag({ ...least, cfasync: 'false', turboTrack: 'reload', noOptimize: '1', nHead: '' }).problems).toEqual([])
})
