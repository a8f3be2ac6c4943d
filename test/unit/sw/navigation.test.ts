import { expect, test } from 'vitest'
import { isAppRoute, placesAbove } from '../../../sw/navigation.ts'

const origin = 'https://a.example'

test.each([
  ['/', true],
  ['/board/7', true],
  ['/about.html', true],
  ['/v1.2/board', true],
  ['/report.pdf', false],
  ['/photo.jpg', false],
])('%s looks like a page of the app: %s', (path, yes) => {
  expect(isAppRoute(new URL(path, origin), 'text/html,*/*;q=0.8')).toBe(yes)
})

test('what does not want HTML is no page', () => {
  expect(isAppRoute(new URL('/board', origin), 'application/json')).toBe(false)
})

test.each([
  ['/', '/', []],
  ['/board', '/', ['/']],
  ['/board/7/edit', '/', ['/board/7/', '/board/7', '/board/', '/board', '/']],
  ['/app/board/7', '/app/', ['/app/board/', '/app/board', '/app/']],
  ['/other', '/app/', []],
])('above %s in %s: %j', (path, scope, places) => {
  expect(placesAbove(new URL(path, origin), origin + scope)).toEqual(places.map(place => origin + place))
})
