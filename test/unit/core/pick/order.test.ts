import { expect, test } from 'vitest'
import { askedPeer, orderServers, urlOn } from '../../../../src/core/pick/order.ts'
import { peer, server } from './peers.ts'

const ids = (servers: Parameters<typeof orderServers>[0], salt: string) =>
  orderServers(servers, salt).map(({ id }) => id)

test('lower tiers come first, whatever the weights and the salt', () => {
  const servers = [
    server('https://spare.example/', { tier: 2, weight: 1_000 }),
    server('https://near.example/', { weight: 0.01 }),
    server('https://far.example/', { tier: 1, weight: 100 }),
  ]
  for (let salt = 0; salt < 200; salt++) {
    expect(ids(servers, `${salt}`)).toEqual(['https://near.example/', 'https://far.example/', 'https://spare.example/'])
  }
})

test('inside a tier a client’s order is its own, always the same, and not the list’s', () => {
  const servers = ['a', 'b', 'c'].map(name => server(`https://${name}.example/`))
  const orders = new Set(Array.from({ length: 200 }, (_, salt) => ids(servers, `${salt}`).join()))
  expect(orders.size).toBe(6)
  expect(ids([...servers].reverse(), 'one')).toEqual(ids(servers, 'one'))
})

const listed = ['https://a.example/', 'https://a.example/eu/', 'https://b.example/app/', 'https://a.example/eu/west/']

test.each([
  ['https://a.example/api/read', 'https://a.example/'],
  ['https://a.example/eu/read?x=1', 'https://a.example/eu/'],
  ['https://a.example/eu/west/', 'https://a.example/eu/west/'],
  ['https://a.example/europe', 'https://a.example/'],
  ['https://b.example/app/read', 'https://b.example/app/'],
  ['https://b.example/elsewhere', 'https://b.example/app/'],
])('%s is asked of the entry with the longest prefix, else of its origin’s: %s', (url, id) => {
  expect(
    askedPeer(
      url,
      listed.map(entry => peer(entry)),
    ).id,
  ).toBe(id)
})

test('an origin that the list omits is asked as itself', () => {
  const asked = askedPeer('https://own.example:8443/api/read', [peer('https://own.example/')])
  expect(asked).toEqual({ id: 'https://own.example:8443/', origin: 'https://own.example:8443' })
})

test.each([
  ['https://a.example/', 'https://b.example/', 'https://a.example/api/x?q=1', 'https://b.example/api/x?q=1'],
  ['https://a.example/', 'https://b.example/eu/', 'https://a.example/api/x?q=1', 'https://b.example/eu/api/x?q=1'],
  ['https://a.example/app/', 'https://b.example/', 'https://a.example/app/x', 'https://b.example/x'],
  ['https://a.example/app/', 'https://b.example/eu/', 'https://a.example/app/x?q=/', 'https://b.example/eu/x?q=/'],
  ['https://a.example/app/', 'https://b.example/', 'https://a.example/outside', 'https://b.example/outside'],
  ['https://a.example/app/', 'https://a.example/app/', 'https://a.example/outside', 'https://a.example/outside'],
])('what %s is asked, %s is asked below its own path: %s is %s', (asked, other, url, there) => {
  expect(urlOn(peer(other), peer(asked), url)).toBe(there)
})
