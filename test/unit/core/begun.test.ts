import { expect, test } from 'vitest'
import { A, client } from '../../support/client.ts'

test('a write that went out before the core was there stays with its server, whatever is known of it', () => {
  const { net, get, clock } = client()
  for (let i = 0; i < 20; i++) get('/api/read')
  Object.assign(net.servers[A]!, { api: 'refuse' })
  expect(get('/api/read').by).not.toBe(A)
  const begun = get('/api/write', { method: 'POST', hasBody: true, begun: true })
  clock.run(20_000)
  expect(begun.outcome && 'error' in begun.outcome).toBe(true)
  expect(net.hits.filter(hit => hit.method === 'POST').map(hit => hit.server)).toEqual([A])
})

test('a read that went out before is moved when it fails', () => {
  const { net, get } = client()
  Object.assign(net.servers[A]!, { api: 'refuse' })
  const begun = get('/api/read', { begun: true })
  expect(begun.outcome && 'answer' in begun.outcome && begun.by !== A).toBe(true)
})
