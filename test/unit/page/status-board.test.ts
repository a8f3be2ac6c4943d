import { expect, test } from 'vitest'
import type { Status } from '../../../src/core/status.ts'
import { joinStatus } from '../../../src/page/status-board.ts'

const status = (more: Partial<Status>): Status => ({ state: 'ok', servers: [], problems: [], failures: [], ...more })
const failure = (at: number) => ({ code: 'unreachable' as const, message: `at ${at}`, tries: [], at })
const problem = { code: 'no-worker', message: 'none' }

test('before anybody spoke all is well and nothing known', () => {
  const sources = { worker: 'none' as const, fromWorker: undefined, fromCover: undefined, workerServes: false }
  expect(joinStatus(sources, [])).toEqual({ ...status({}), worker: 'none' })
})

test('the worker is believed unless the page covers itself', () => {
  const fromWorker = status({ state: 'degraded', failures: [failure(2)] })
  const fromCover = status({ state: 'unknown', failures: [failure(3), failure(1)] })
  expect(
    joinStatus({ worker: 'active', fromWorker, fromCover: undefined, workerServes: true }, [problem]),
  ).toMatchObject({
    state: 'degraded',
    problems: [problem],
  })
  // What the cover has begun before may fail after.
  const after = joinStatus({ worker: 'active', fromWorker, fromCover, workerServes: true }, [])
  expect(after.state).toBe(fromWorker.state)
  expect(after.failures).toEqual(expect.arrayContaining(fromCover.failures))
  const joined = joinStatus({ worker: 'none', fromWorker, fromCover, workerServes: false }, [])
  expect(joined.state).toBe('unknown')
  expect(joined.failures.map(({ at }) => at)).toEqual([1, 2, 3])
})

test('no password stands in a problem, whoever found it', () => {
  const message = 'server list https://ann:secret@a.example/list.json: could not be reached'
  const fromWorker = status({ problems: [{ code: 'list', message }] })
  const own = [{ code: 'worker', message: 'http://ann:secret@a.example/outrigger-sw.js did not register' }]
  const { problems } = joinStatus({ worker: 'active', fromWorker, fromCover: undefined, workerServes: true }, own)
  expect(problems.map(({ message }) => message)).toEqual([
    'server list https://…@a.example/list.json: could not be reached',
    'http://…@a.example/outrigger-sw.js did not register',
  ])
})
