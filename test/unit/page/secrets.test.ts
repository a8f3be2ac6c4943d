import { expect, test } from 'vitest'
import { hideSecrets, refuseSecrets } from '../../../src/page/secrets.ts'

test.each([
  ['https://ann:secret@a.example/list.json', 'https://…@a.example/list.json'],
  ['two: https://ann@a.example "http://:secret@b.example"', 'two: https://…@a.example "http://…@b.example"'],
  ['https://ann:se@cret@a.example/', 'https://…@a.example/'],
  ['https://ann:sec/ret@a.example/', 'https://…@a.example/'],
])('of %s the user and the password are hidden', (text, shown) => {
  expect(hideSecrets(text)).toBe(shown)
})

test.each([
  'https://a.example/npm/outrigger@0.1.0/dist/outrigger.js',
  'http://localhost:8001/npm/outrigger@0.1.0',
  'http://localhost:8001?mail=ann@a.example',
  'https://a.example/?mail=ann@a.example#top',
])('%s has nothing to hide', text => {
  expect(hideSecrets(text)).toBe(text)
})

test('options with a password in a URL are refused without showing it', () => {
  const settings = { servers: [{ url: 'https://ann:secret@a.example' }], api: [/x/, () => true] }
  expect(() => refuseSecrets(settings)).toThrow(
    'option "servers" must hold no user name or password: anyone can read it',
  )
  expect(() => refuseSecrets(settings)).not.toThrow('secret')
  expect(() => refuseSecrets({ servers: '/servers.json', api: [/x/], shell: false })).not.toThrow()
})
