import { expect, test } from 'vitest'
import { amplification, recovery, success, sum } from './engine/figures.ts'
import type { Result } from './engine/run.ts'
import { simulate } from './engine/run.ts'
import { report } from './jobs.ts'
import { holds, type Target, worstOf } from './target.ts'

const result = (sent: number[], succeeded: number[], ...perSecond: number[][]) =>
  ({ sent, succeeded, network: { servers: perSecond.map(one => ({ perSecond: one })) } }) as unknown as Result

test('recovered is who has no bad second any more, never who has one in the last', () => {
  const sent = [100, 100, 100, 100, 100]
  expect(recovery(result(sent, [100, 0, 98, 99, 100]), 1)).toBe(2)
  expect(recovery(result(sent, [100, 100, 100, 100, 100]), 1)).toBe(0)
  expect(recovery(result(sent, [0, 100, 100, 100, 100]), 2)).toBe(0)
  expect(recovery(result(sent, [100, 0, 100, 100, 98]), 1)).toBe(Number.POSITIVE_INFINITY)
})

test('success and amplification are those of the seconds asked for', () => {
  const both = result([10, 10, 20], [10, 5, 20], [10, 30, 20, 5], [0, 10])
  expect(success(both)).toBe(87.5)
  expect(success(both, 1, 2)).toBe(50)
  expect(amplification(both, 1, 2)).toBe(4)
  expect(amplification(both, 2)).toBe(1.25)
  expect(sum([1, undefined as never, 2])).toBe(3)
})

test('a limit holds for numbers alone, and the worst figure is on its wrong side', () => {
  expect([holds({ most: 5 }, 5), holds({ most: 5 }, 5.1), holds({ least: 5 }, 5), holds({ least: 5 }, 4)]).toEqual([
    true,
    false,
    true,
    false,
  ])
  for (const nothing of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY])
    expect(holds({ most: 5 }, nothing)).toBe(false)
  expect([worstOf({ most: 5 }, [1, 3, 2]), worstOf({ least: 5 }, [1, 3, 2])]).toEqual([3, 1])
})

test('a case that never ran does not hold, nor one whose figure got lost', () => {
  const target: Target = {
    id: 'A0',
    what: 'nothing',
    cases: [{ name: 'one', run: () => ({}), limits: { recoveryS: { most: 5 } } }],
  }
  expect(report(target, []).pass).toBe(false)
  const job = { target: 'A0', name: 'one', seed: 1 }
  expect(report(target, [{ job, figures: { recoveryS: null as never } }]).pass).toBe(false)
  const never = report(target, [{ job, figures: { recoveryS: Number.POSITIVE_INFINITY } }])
  expect(never.text).toContain('MISSED one: recoveryS never (≤ 5)')
})

const once = { seed: 1, clients: 1, rate: 10, seconds: 3, servers: [{ rate: 100 }] }

test('what never ends has failed, and what ends twice is a mistake', () => {
  const silent = simulate({ ...once, make: () => ({ fetch: () => ({ abort() {} }) }) })
  expect(sum(silent.sent)).toBeGreaterThan(10)
  expect(silent.failed).toEqual(silent.sent)
  const twice = (settle: (status: number) => void) => {
    settle(200)
    settle(200)
    return { abort() {} }
  }
  expect(() => simulate({ ...once, make: () => ({ fetch: twice }) })).toThrow('has ended twice')
})
