import { expect, test } from 'vitest'
import { isLoopback, isViteRequest } from '../../../sw/vite.ts'

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

test.each([
  ['/@vite/client', true],
  ['/@react-refresh', true],
  ['/src/main.ts', true],
  ['/src/App.vue?t=1763690000000', true],
  ['/src/app.js', false],
  ['/', false],
])('%s comes from a page of the development server: %s', (path, yes) => {
  expect(isViteRequest(new URL(path, 'http://localhost'))).toBe(yes)
})
