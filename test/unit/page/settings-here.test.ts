import { expect, test } from 'vitest'
import { settingsHere } from '../../../src/page/settings-here.ts'

test('URLs are meant from the page and stay paths on its origin', () => {
  const settings = settingsHere(
    {
      servers: 'servers.json?x=1',
      api: ['api/', 'https://api.example.com/', /x/],
      once: ['../count'],
      reads: ['find'],
    },
    'https://www.example.com/app/page.html',
  )
  expect(settings).toEqual({
    servers: '/app/servers.json?x=1',
    api: ['/app/api/', 'https://api.example.com/', /x/],
    once: ['/count'],
    reads: ['/app/find'],
  })
})

test('servers in the tag stay as they are', () => {
  const servers = ['https://a.example', 'https://b.example']
  expect(settingsHere({ servers }, 'https://www.example.com/')).toEqual({ servers })
})
