import { expect, test } from 'vitest'
import { createBusyClock } from '../../../src/adapters/busy-clock.ts'
import { clock as realmClock } from '../../../src/adapters/system.ts'

test.each([
  ['busy clock', createBusyClock()],
  ['realm clock', realmClock],
])('the %s calls once, can be called off, and waits for ever for Infinity', async (_, clock) => {
  const calls: string[] = []
  clock.after(5, () => calls.push('off'))()
  clock.after(Number.POSITIVE_INFINITY, () => calls.push('never'))()
  const far = clock.after(1e12, () => calls.push('far'))
  await new Promise<void>(resolve => void clock.after(20, resolve))
  expect(calls).toEqual([])
  far()
  expect(Math.abs(clock.now() - Date.now())).toBeLessThan(50)
})

test('its timers keep a process alive only while something is under way', () => {
  const timers = () => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  const clock = createBusyClock()
  const before = timers()
  clock.after(60_000, () => {})
  expect(timers()).toBe(before)
  const [over, overToo] = [clock.busy(), clock.busy()]
  clock.after(60_000, () => {})
  expect(timers()).toBe(before + 2)
  over()
  over()
  expect(timers()).toBe(before + 2)
  overToo()
  expect(timers()).toBe(before)
  const last = clock.busy()
  clock.stop()
  // Calls that wait for a probe or a verdict must still end.
  expect(timers()).toBe(before + 2)
  last()
  expect(timers()).toBe(before)
})
