import { expect, test } from 'vitest'
import { lacksCredentials, mayTake, sortForUse } from '../../../../src/core/pick/candidates.ts'
import type { Call, Server, ServerState } from '../../../../src/core/types.ts'
import { call, peer } from './peers.ts'

const asked = peer('https://a.example/', { writes: false })

const rows: [what: string, server: Partial<Server>, call: Partial<Call>, isRead: boolean, may: boolean][] = [
  ['a mirror takes a read', {}, {}, true, true],
  ['a mirror takes a write', {}, { method: 'POST' }, false, true],
  ['a read-only mirror takes a read', { writes: false }, {}, true, true],
  ['a read-only mirror takes no write', { writes: false }, { method: 'POST' }, false, false],
  ['a mirror without credentials gets no Authorization', {}, { authorization: true }, true, false],
  ['a mirror without credentials gets a call with cookies', {}, { cookies: true }, true, true],
  ['a mirror with headers gets Authorization', { credentials: 'headers' }, { authorization: true }, true, true],
  ['a mirror with cookies gets Authorization', { credentials: 'include' }, { authorization: true }, true, true],
]

test.each(rows)('%s', (_what, fields, callFields, isRead, may) => {
  const one = call(callFields)
  const mirror = peer('https://b.example/', fields)
  expect(mayTake(mirror, one, isRead, asked)).toBe(may)
  expect(lacksCredentials(mirror, one)).toBe(one.authorization && (fields.credentials ?? 'omit') === 'omit')
})

test('the asked server takes everything, listed or not', () => {
  const write = call({ method: 'POST', authorization: true })
  const bare = { id: 'https://own.example/', origin: 'https://own.example' }
  expect(mayTake(asked, write, false, asked)).toBe(true)
  expect(mayTake(bare, write, false, bare)).toBe(true)
  expect(lacksCredentials(bare, write)).toBe(false)
})

test('in service comes before suspect, backed off and ejected, and of these the longest out first', () => {
  const states: Record<string, [state: ServerState, outSince?: number]> = {
    erring: ['erring', 30],
    'backed-off': ['backed-off'],
    slow: ['slow', 10],
    suspect: ['suspect'],
    first: ['in-service'],
    returning: ['returning', 5],
    dead: ['dead', 20],
    second: ['in-service'],
  }
  const peers = Object.keys(states).map(name => peer(`https://${name}.example/`))
  const nameOf = (id: string) => new URL(id).hostname.replace('.example', '')
  const sorted = sortForUse(
    peers,
    ({ id }) => states[nameOf(id)]![0],
    ({ id }) => states[nameOf(id)]![1] ?? 0,
  )
  const names = ['first', 'second', 'suspect', 'backed-off', 'returning', 'slow', 'dead', 'erring']
  expect(sorted.map(({ id }) => nameOf(id))).toEqual(names)
})

test('when all are in service the policy’s order stays, in a list of its own', () => {
  const peers = ['c', 'a', 'b'].map(name => peer(`https://${name}.example/`))
  const sorted = sortForUse(
    peers,
    () => 'in-service',
    () => 0,
  )
  expect(sorted).toEqual(peers)
  expect(sorted).not.toBe(peers)
})
