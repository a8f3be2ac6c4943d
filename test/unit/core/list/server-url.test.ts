import { expect, test } from 'vitest'
import { isAllowed, isLoopback } from '../../../../src/core/list/server-url.ts'

test.each([
  ['https://a.example.com/', 'https://a.example.com', true],
  ['https://a.example.com/x/', 'https://A.example.com:443', true],
  ['https://a.example.com:8443/', 'https://a.example.com', false],
  ['http://a.example.com/', 'https://a.example.com', false],
  ['https://a.example.com/', 'https://*.example.com', true],
  ['https://x.y.example.com/', 'https://*.example.com', true],
  ['https://example.com/', 'https://*.example.com', false],
  ['https://.example.com/', 'https://*.example.com', false],
  ['https://evilexample.com/', 'https://*.example.com', false],
  ['https://a.example.com.evil.example/', 'https://*.example.com', false],
  ['https://a.example.com:8443/', 'https://*.example.com', false],
  ['https://a.example.com:8443/', 'https://*.example.com:8443', true],
  ['http://a.example.com/', 'https://*.example.com', false],
  ['https://a.example.com/', '*', false],
  ['https://a.example.com/', 'https://*', false],
  ['https://a.example.com/', 'https://*.com', false],
])('%s under %s: %s', (url, rule, expected) => {
  expect(isAllowed(url, [rule])).toBe(expected)
})

test('nothing is allowed by default', () => {
  expect(isAllowed('https://a.example/', [])).toBe(false)
})

test.each([
  ['localhost', true],
  ['a.localhost', true],
  ['127.0.0.1', true],
  ['[::1]', true],
  ['127.example.com', false],
  ['localhost.example.com', false],
])('%s is this computer: %s', (name, yes) => {
  expect(isLoopback(name)).toBe(yes)
})
