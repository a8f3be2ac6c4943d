import { expect, test } from 'vitest'
import { checkOptions } from '../../../sw/settings.ts'

test('nothing is taken over and nothing kept unless asked for', () => {
  expect(checkOptions({ servers: '/servers.json', api: '/api/' })).toEqual({
    servers: '/servers.json',
    api: ['/api/'],
    shell: false,
    claim: false,
    skipWaiting: false,
  })
})

test.each([
  ['auto', 'auto'],
  [false, false],
  [undefined, false],
  ['/ /app.js', ['/', '/app.js']],
  [
    ['/', '/app.js'],
    ['/', '/app.js'],
  ],
])('shell %j means %j', (shell, rule) => {
  expect(checkOptions({ shell }).shell).toEqual(rule)
})

test.each([
  [{ claim: 1 }, 'claim'],
  [{ skipWaiting: 'yes' }, 'skipWaiting'],
  [{ shell: [7] }, 'shell'],
  [{ shell: [{ url: '/' }] }, 'shell'],
  [{ shell: true }, 'shell'],
  [{ sevrers: '/servers.json' }, 'sevrers'],
  [{ api: 7 }, 'api'],
])('%j is refused by name', (options, name) => {
  expect(() => checkOptions(options)).toThrow(TypeError)
  expect(() => checkOptions(options)).toThrow(`"${name}"`)
})

test('no options at all are refused', () => {
  expect(() => checkOptions(undefined)).toThrow('"options"')
})
