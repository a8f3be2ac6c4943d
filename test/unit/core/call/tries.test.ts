import { expect, test } from 'vitest'
import { describe as describeFailure, noteTry } from '../../../../src/core/call/tries.ts'
import type { Try } from '../../../../src/core/errors.ts'
import { call, peer } from '../pick/peers.ts'

const a = peer('https://a.example/')
const post = call({ method: 'POST', url: 'https://a.example/api/pay?token=secret#part' })

test('a record lists 50 tries and probes at most, the first ones', () => {
  const tries: Try[] = []
  for (let i = 0; i < 60; i++) noteTry(tries, a, i, 'silent')
  expect(tries).toHaveLength(50)
  expect(tries.at(-1)!.ms).toBe(49)
})

test('a try has a status only if it was answered, and a probe is named one', () => {
  const tries: Try[] = []
  noteTry(tries, a, 12.6, 'refused')
  noteTry(tries, a, 5, 'answered 503', 503)
  noteTry(tries, a, 2, 'answered unreadably', 0, true)
  expect(tries).toEqual([
    { server: a.id, ms: 13, reason: 'refused' },
    { server: a.id, ms: 5, reason: 'answered 503', status: 503 },
    { server: a.id, ms: 2, reason: 'answered unreadably', probe: true },
  ])
})

test('a failure says what happened to what, after how long, and where it was tried', () => {
  const tries: Try[] = []
  noteTry(tries, a, 1, 'refused')
  noteTry(tries, peer('https://b.example/eu/'), 300, 'silent')
  const record = describeFailure('unreachable', post, tries, 1_000, 3_500)
  const where = 'https://a.example/ refused, https://b.example/eu/ silent'
  expect(record.message).toBe(`POST /api/pay failed after 2500 ms: unreachable (${where})`)
  expect(record).toMatchObject({ code: 'unreachable', request: 'POST /api/pay', at: 3_500, tries })
  expect(record.tries).not.toBe(tries)
})

test('no query and no fragment gets into a record', () => {
  expect(JSON.stringify(describeFailure('unreachable', post, [], 0, 1))).not.toMatch(/secret|part|\?/)
})
