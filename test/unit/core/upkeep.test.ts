import { expect, test } from 'vitest'
import { A, B, C, client } from '../../support/client.ts'
import { scriptedNetwork } from '../../support/scripted-network.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

/** A clock that counts the timers which are set. */
function counting() {
  const clock = virtualClock()
  const live = new Set<object>()
  return {
    ...clock,
    live,
    after(ms: number, then: () => void) {
      const timer = {}
      live.add(timer)
      const callOff = clock.after(ms, () => {
        live.delete(timer)
        then()
      })
      return () => {
        live.delete(timer)
        callOff()
      }
    },
  }
}

test.each([200, 1_000])('a server that stays hung leaves no timers behind, with a read every %i ms', everyMs => {
  const clock = counting()
  const net = scriptedNetwork(clock, [A, B, C])
  const one = client([A, B], { shared: { clock, net } })
  one.stream(20, 50)
  net.servers[A]!.api = 'hang'
  const most = [1, 2].map(() => {
    one.stream((10 * 60_000) / everyMs, everyMs)
    return clock.live.size
  })
  expect(Math.max(...most)).toBeLessThanOrEqual(8)
})
