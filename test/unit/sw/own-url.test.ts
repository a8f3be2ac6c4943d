import { expect, test } from 'vitest'
import { scriptUrl } from '../../../sw/own-url.ts'

const url = 'https://a.example/outrigger-sw.js?servers=%2Fservers.json&api=/api/'

test.each([
  ['Chromium, alone', `Error\n    at ${url}:1:2345`],
  ['Chromium, inside another', `Error\n    at ${url}:1:2345\n    at https://a.example/sw.js:1:1`],
  ['Chromium, in a function', `Error\n    at t (${url}:1:2345)\n    at https://a.example/sw.js:1:1`],
  ['Firefox', `@${url}:1:2345\n@https://a.example/sw.js:1:1\n`],
  ['WebKit', `global code@${url}:1:2345\nimportScripts@[native code]\nglobal code@https://a.example/sw.js:1:14`],
])('%s tells the script by its trace', (_, stack) => {
  expect(scriptUrl(stack, 'https://a.example/sw.js?x')).toBe(url)
})

test('WebKit leaves the query out: the main script is known by the rest', () => {
  const stack = 'global code@https://a.example/outrigger-sw.js:1:2345'
  expect(scriptUrl(stack, url)).toBe(url)
  expect(scriptUrl(stack, 'https://a.example/sw.js?servers=x')).toBe('https://a.example/outrigger-sw.js')
})

test('a port is no line number', () => {
  expect(scriptUrl('Error\n    at http://127.0.0.1:8080/sw.js:1:14', url)).toBe('http://127.0.0.1:8080/sw.js')
})

test('no trace: the main script', () => {
  expect(scriptUrl(undefined, url)).toBe(url)
})
