import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { toCall } from '../../../src/adapters/call.ts'

function outgoing(n: number, signal?: AbortSignal) {
  const url = `http://a.example/api/${n}`
  return { url, call: toCall(new Request(url), { signal, cookies: false }) }
}

let tell!: (names: string[]) => void
beforeEach(() => {
  vi.resetModules()
  vi.stubGlobal('location', { origin: 'http://a.example' })
  vi.stubGlobal(
    'PerformanceObserver',
    class {
      constructor(heard: (list: { getEntries(): { name: string }[] }) => void) {
        tell = names => heard({ getEntries: () => names.map(name => ({ name })) })
      }
      observe() {}
    },
  )
})
afterEach(() => vi.unstubAllGlobals())

test('a body is over when the engine names its URL, whatever mark the page gave it, and once', async () => {
  const { whenOver } = await import('../../../src/adapters/body-ends.ts')
  const over = vi.fn()
  whenOver(outgoing(1), over)
  tell(['http://a.example/api/12', 'http://a.example/api/'])
  expect(over).not.toHaveBeenCalled()
  tell(['http://a.example/api/1#outrigger:7'])
  tell(['http://a.example/api/1'])
  expect(over).toHaveBeenCalledOnce()
})

test('a body is over when its caller aborts', async () => {
  const { whenOver } = await import('../../../src/adapters/body-ends.ts')
  const over = vi.fn()
  const caller = new AbortController()
  whenOver(outgoing(1, caller.signal), over)
  caller.abort()
  expect(over).toHaveBeenCalledOnce()
})

test('bodies whose end is never told are forgotten', async () => {
  const { whenOver } = await import('../../../src/adapters/body-ends.ts')
  const first = vi.fn()
  whenOver(outgoing(0), first)
  for (let n = 1; n <= 100; n++) whenOver(outgoing(n), () => {})
  tell(['http://a.example/api/0'])
  expect(first).not.toHaveBeenCalled()
})

test('outside browsers nothing is told', async () => {
  vi.unstubAllGlobals()
  const { whenOver } = await import('../../../src/adapters/body-ends.ts')
  expect(() => whenOver(outgoing(1), () => {})).not.toThrow()
})
