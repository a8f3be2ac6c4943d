import { expect, test } from 'vitest'
import { A, B, client } from '../../support/client.ts'

/** The own server is dead; the other answers everything with its index page, as static hosts do. */
function staticMirror() {
  const one = client([A, B])
  const die = () => {
    one.net.servers[A]!.api = 'refuse'
    one.net.servers[B]!.type = 'text/html'
    // Not heard from for a while, it is asked whether it lives before it gets a write.
    one.clock.run(10_000)
  }
  return { ...one, die }
}

test('a web page is no answer to a write never seen, where the API has answered otherwise', () => {
  const { get, die, core } = staticMirror()
  get('/api/read')
  die()
  const { outcome } = get('/api/orders', { method: 'POST', hasBody: true })
  expect(outcome).toMatchObject({ error: { sent: 'unknown' } })
  expect(core.status().failures[0]?.tries.at(-1)).toMatchObject({ server: `${B}/`, status: 200 })
})

test('nor after a restart', () => {
  const before = staticMirror()
  before.get('/api/read')
  const { get, die, core } = staticMirror()
  core.restore(before.core.memory())
  die()
  expect(get('/api/orders', { method: 'POST', hasBody: true }).outcome).toHaveProperty('error')
})

test('it is one where pages are what the API answers, or nothing is known of it', () => {
  const pages = staticMirror()
  pages.net.servers[A]!.type = 'text/html'
  pages.get('/api/board')
  const unknown = staticMirror()
  for (const { get, die } of [pages, unknown]) {
    die()
    expect(get('/api/orders', { method: 'POST', hasBody: true }).by).toBe(B)
  }
})
