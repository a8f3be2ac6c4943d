import { expect, test } from 'vitest'
import { kindOf, pathOf } from '../../../../src/core/call/kind.ts'

test.each([
  ['/api/items/42', 'GET /api/items/*'],
  ['/api/items/42/parts/7?x=1', 'GET /api/items/*/parts/*'],
  ['/api/items/3f2504e0-4f89-11d3-9a0c-0305e82c3301', 'GET /api/items/*'],
  ['/api/blobs/9E107D9D372BB6826BD81D3542A419D6', 'GET /api/blobs/*'],
  ['/api/links/01ARZ3NDEKTSV4RRFFQ69G5FAV', 'GET /api/links/*'],
  ['/api/v2/read', 'GET /api/v2/read'],
  ['/api/feed', 'GET /api/feed'],
  ['/api/notification-settings', 'GET /api/notification-settings'],
  ['/', 'GET /'],
])('%s is of the kind %s', (path, kind) => {
  expect(kindOf('GET', `https://a.example${path}`)).toBe(kind)
})

test('the same path by another method is of another kind, on another server of the same', () => {
  expect(kindOf('POST', 'https://a.example/x')).not.toBe(kindOf('GET', 'https://a.example/x'))
  expect(kindOf('GET', 'https://b.example:8443/x')).toBe(kindOf('GET', 'https://a.example/x'))
})

test.each([
  ['https://a.example/x/y?secret=1', '/x/y'],
  ['https://a.example/x#part?no', '/x'],
  ['http://127.0.0.1:8080/?a=/b', '/'],
  ['https://a.example', '/'],
])('the path of %s is %s', (url, path) => {
  expect(pathOf(url)).toBe(path)
})
