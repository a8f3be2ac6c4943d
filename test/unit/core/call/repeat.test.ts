import { expect, test } from 'vitest'
import { isRead, type Nature, natureOf } from '../../../../src/core/call/repeat.ts'
import type { Call } from '../../../../src/core/types.ts'
import { call } from '../pick/peers.ts'

const rows: [what: Partial<Call>, nature: Nature][] = [
  [{ method: 'GET' }, 'read'],
  [{ method: 'HEAD' }, 'read'],
  [{ method: 'OPTIONS' }, 'read'],
  [{ method: 'GET', idempotencyKey: true }, 'read'],
  [{ method: 'PUT' }, 'idempotent'],
  [{ method: 'DELETE' }, 'idempotent'],
  [{ method: 'POST' }, 'once'],
  [{ method: 'PATCH' }, 'once'],
  [{ method: 'PURGE' }, 'once'],
  [{ method: 'POST', idempotencyKey: true }, 'keyed'],
  [{ method: 'PATCH', idempotencyKey: true }, 'keyed'],
  [{ method: 'PUT', idempotencyKey: true }, 'keyed'],
  [{ method: 'GET', repeatable: false }, 'once'],
  [{ method: 'POST', idempotencyKey: true, repeatable: false }, 'once'],
  [{ method: 'PUT', repeatable: true }, 'idempotent'],
  [{ method: 'DELETE', repeatable: true }, 'idempotent'],
  [{ method: 'PATCH', repeatable: true }, 'once'],
  [{ method: 'POST', repeatable: true }, 'read'],
]

test.each(rows)('%o is repeated as %s', (what, nature) => {
  expect(natureOf(call(what))).toBe(nature)
})

test('a read-only replica gets GET, HEAD and OPTIONS and nothing else', () => {
  const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'QUERY']
  expect(methods.filter(isRead)).toEqual(['GET', 'HEAD', 'OPTIONS'])
})
