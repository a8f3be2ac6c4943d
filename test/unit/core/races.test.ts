import { describe, expect, test } from 'vitest'
import { A, B, C, client, D } from '../../support/client.ts'
import { healthy } from '../../support/scripted-network.ts'

/** Its API hangs, or is slow, behind a probe that answers. */
const hung = { ...healthy, api: 'hang', probe: 'ok' } as const
const slow = { ...healthy, ms: 8_000, probeMs: 2 } as const

/** Servers in order of tiers, and a path that is known to be fast. */
function inOrder() {
  const one = client([A, B, C, D].map((url, tier) => ({ url, tier })))
  one.stream(40, 20)
  return one
}

describe('a read alone, of a path known to be fast', () => {
  test.each([
    ['hangs', hung],
    ['is slow', slow],
  ])('is asked of a third server when the one that raced the first %s, too', (_what, mirror) => {
    const { net, get, clock } = inOrder()
    net.servers[A] = hung
    clock.after(1_500, () => {
      net.servers[B] = mirror
    })
    for (let i = 0; i < 2; i++) {
      const { by, ms } = get('/api/read')
      expect(by).toBe(C)
      expect(ms).toBeLessThan(2_700)
    }
  })

  test('goes on to another one when that one dies under it', () => {
    const { net, get, clock } = inOrder()
    net.servers[A] = hung
    clock.after(1_500, () => {
      net.servers[B] = { ...healthy, api: 'hang' }
    })
    const { by, ms } = get('/api/read')
    expect(by).toBe(C)
    expect(ms).toBeLessThan(3_000)
  })
})

test('what a bad server has kept waiting does not make the path a slow one', () => {
  const { net, get } = inOrder()
  // One of three: it cannot be taken out while another is.
  net.servers[A] = slow
  const times = Array.from({ length: 2 }, () => get('/api/read').ms!)
  net.servers[B] = slow
  times.push(...Array.from({ length: 2 }, () => get('/api/read').ms!))
  expect(Math.max(...times)).toBeLessThan(2_100)
  expect(get('/api/read').ms).toBeLessThan(50)
})

test('a hung server near by is found out without waiting for one far away three times', () => {
  const { net, stream, get } = inOrder()
  for (const far of [B, C, D]) Object.assign(net.servers[far]!, { ms: 700, probeMs: 700 })
  stream(10, 1_000)
  net.servers[A] = { ...healthy, api: 'hang' }
  const { by, ms } = get('/api/read')
  expect(by).not.toBe(A)
  expect(ms).toBeLessThan(600 + 700 + 200 + 750)
})
