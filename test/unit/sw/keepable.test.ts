import { expect, test } from 'vitest'
import { keepable } from '../../../sw/keepable.ts'

const facts = (headers: HeadersInit = {}, more = {}) => ({
  status: 200,
  type: 'basic' as ResponseType,
  headers: new Headers(headers),
  named: false,
  cookieSet: false,
  authorized: false,
  ...more,
})

test.each([
  [{}],
  [{ 'cache-control': 'no-cache, max-age=0' }],
  [{ 'cache-control': 'public' }],
  [{ vary: 'Accept-Encoding, Accept' }],
])('an answer with %j is kept', headers => {
  expect(keepable(facts(headers))).toBe('keep')
})

test.each([
  [{ 'cache-control': 'private, max-age=60' }, 'its Cache-Control says private'],
  [{ 'cache-control': 'no-cache, No-Store' }, 'its Cache-Control says no-store'],
  [{ 'cache-control': 'private="x-name"' }, 'its Cache-Control says private'],
  [{ vary: 'Accept-Encoding, Cookie' }, 'its Vary says cookie'],
  [{ vary: 'authorization' }, 'its Vary says authorization'],
  [{ vary: '*' }, 'its Vary says *'],
])('an answer with %j is not kept, unless the author named it', (headers, because) => {
  expect(keepable(facts(headers))).toEqual({ because })
  expect(keepable(facts(headers, { named: true }))).toBe('keep')
})

test('a cookie keeps even a named path out', () => {
  expect(keepable(facts({}, { cookieSet: true, named: true }))).toEqual({ because: 'it sets a cookie' })
})

test('an error is not kept, named or not', () => {
  expect(keepable(facts({}, { status: 404, named: true }))).toEqual({ because: 'it answered 404' })
})

test('what was asked for with a token is not kept', () => {
  expect(keepable(facts({}, { authorized: true }))).toEqual({ because: 'its request had Authorization' })
})

test.each([
  [{ type: 'opaque', status: 0 }],
  [{ type: 'opaqueredirect', status: 0 }],
  [{ status: 206 }],
  [{ status: 304 }],
])('nothing is said about %j', more => {
  expect(keepable(facts({}, more))).toBe('pass')
})
