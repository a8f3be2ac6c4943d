import { expect, test } from 'vitest'
import { isViteRequest } from '../../../sw/vite.ts'

test.each([
  ['/@vite/client', true],
  ['/@react-refresh', true],
  ['/src/app.js', false],
  ['/', false],
])('%s comes from a page of the development server: %s', (path, yes) => {
  expect(isViteRequest(new URL(path, 'http://localhost'))).toBe(yes)
})
