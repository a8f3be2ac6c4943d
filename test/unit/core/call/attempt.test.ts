import { describe, expect, test } from 'vitest'
import { type Attempt, sendAttempt } from '../../../../src/core/call/attempt.ts'
import { createSlots } from '../../../../src/core/health/slots.ts'
import type { Hold, TryEvents } from '../../../../src/core/ports.ts'
import type { Answer, Call } from '../../../../src/core/types.ts'
import { call } from '../pick/peers.ts'
import { a, world } from './scene.ts'

const whole: Hold = { bytes: 262_144, ms: Number.POSITIVE_INFINITY, longestMs: Number.POSITIVE_INFINITY }
const answer: Answer = { status: 200, type: 'application/json', lengthBytes: 100, handle: undefined }

/** One try at A under way; `events` is the transport's side, `log` what the request was told. */
function scene(how: { hold?: Hold; queued?: boolean; call?: Partial<Call> } = {}) {
  const slots = createSlots(1, () => parts.clock.now())
  const parts = world(undefined, how.queued ? slots : {})
  const before = { leavesRoom: () => false, started() {} }
  slots.open(a.origin, before)
  const log: string[] = []
  const kind = { ms: [] as number[] }
  let attempt!: Attempt
  let events!: TryEvents
  parts.world.transport.send = (_outgoing, theirs) => {
    events = theirs
    return { abort: () => log.push('aborted') }
  }
  const outgoing = { call: call(how.call), url: 'https://a.example/api/read' }
  sendAttempt({ world: parts.world, kind }, outgoing, a, false, {
    sent(one) {
      attempt = one
    },
    headers: () => how.hold,
    held: () => log.push('held'),
    failed: (_attempt, reason) => log.push(reason),
    overdue: () => log.push('overdue'),
  })
  return { ...parts, log, kind, attempt, events, turn: () => slots.close(a.origin, before) }
}

describe('a try without headers', () => {
  test('is overdue after 600 ms, once', () => {
    const { clock, log } = scene()
    clock.run(599)
    expect(log).toEqual([])
    clock.run(10_000)
    expect(log).toEqual(['overdue'])
  })

  test('that fails says so once and is not overdue after', () => {
    const { clock, log, events, places } = scene()
    events.failed('network error')
    events.failed('network error')
    clock.run(10_000)
    expect([log, places]).toEqual([['network error'], ['closed']])
  })

  test('that lost a race is a sample of its age; one called off is none', () => {
    for (const [lost, samples] of [
      [true, [700]],
      [false, []],
    ] as const) {
      const { clock, attempt, kind, log } = scene()
      clock.run(700)
      attempt.abort(lost)
      attempt.abort(lost)
      expect(kind.ms).toEqual(samples)
      expect(log).toEqual(['overdue', 'aborted'])
    }
  })

  test('takes no headers after it was called off', () => {
    const { attempt, events, kind } = scene({ hold: whole })
    attempt.abort()
    expect(events.headers(answer)).toBeUndefined()
    expect([attempt.answer, kind.ms]).toEqual([undefined, []])
  })
})

describe('an answer', () => {
  test('below 500 is a sample, a 5xx is none', () => {
    for (const [status, samples] of [
      [404, [40]],
      [500, []],
    ] as const) {
      const { clock, events, kind } = scene()
      clock.run(40)
      events.headers({ ...answer, status })
      expect(kind.ms).toEqual(samples)
    }
  })

  test.each<[string, Partial<Answer>, string[]]>([
    ['of a small known length is over with its headers', {}, ['closed']],
    ['of unknown length goes on for a while', { lengthBytes: undefined as never }, []],
    ['of more than 256 kB goes on for a while', { lengthBytes: 262_145 }, []],
  ])('%s', (_what, fields, before) => {
    const { clock, events, places, attempt } = scene()
    events.headers({ ...answer, ...fields })
    clock.run(29_999)
    expect([places, attempt.ended]).toEqual([before, true])
    clock.run(1)
    expect(places).toEqual(['closed'])
  })

  test('that goes on is over when the engine says so', () => {
    const { world, events, places } = scene()
    let over!: () => void
    world.transport.whenOver = ({ url }, then) => {
      expect(url).toBe('https://a.example/api/read')
      over = then
    }
    events.headers({ ...answer, lengthBytes: undefined as never })
    expect(places).toEqual([])
    over()
    expect(places).toEqual(['closed'])
  })

  test('that is held ends the try when it is whole', () => {
    const { events, places, log, attempt, clock } = scene({ hold: whole })
    expect(events.headers(answer)).toBe(whole)
    expect([attempt.holding, attempt.ended, places]).toEqual([true, false, []])
    events.held()
    events.held()
    clock.run(10_000)
    expect([log, places]).toEqual([['held'], ['closed']])
  })

  test('that breaks off while held is a failure', () => {
    const { events, log } = scene({ hold: whole })
    events.headers(answer)
    events.broken('body broke off')
    expect(log).toEqual(['body broke off'])
  })

  test('that is held and gives no byte for a second is stalled, until one comes', () => {
    const { events, log, attempt, clock } = scene({ hold: whole })
    events.headers(answer)
    clock.run(900)
    events.progress()
    clock.run(999)
    expect([log, attempt.stalled]).toEqual([[], false])
    clock.run(1)
    expect([log, attempt.stalled]).toEqual([['overdue'], true])
    events.progress()
    expect(attempt.stalled).toBe(false)
    clock.run(1_000)
    expect([log, attempt.stalled]).toEqual([['overdue', 'overdue'], true])
  })
})

test('headers that come before the turn of their try are no sample, and their body is watched all the same', () => {
  const { clock, log, events, kind, turn } = scene({ hold: whole, queued: true })
  clock.run(100)
  events.headers(answer)
  clock.run(200)
  turn()
  expect(kind.ms).toEqual([])
  clock.run(799)
  expect(log).toEqual([])
  clock.run(1)
  expect(log).toEqual(['overdue'])
})

test('a try that never gets onto the wire is looked after as if it had, after 10 s', () => {
  const parts = world([a], {})
  parts.world.slots.open = () => {}
  parts.world.transport.send = () => ({ abort() {} })
  const log: number[] = []
  const startedAt = parts.clock.now()
  sendAttempt({ world: parts.world, kind: { ms: [] } }, { call: call(), url: a.id }, a, false, {
    sent: attempt => expect(attempt.age()).toBe(0),
    headers: () => undefined,
    held() {},
    failed() {},
    overdue: () => log.push(parts.clock.now() - startedAt),
  })
  parts.clock.run(60_000)
  expect(log).toEqual([10_600])
})
