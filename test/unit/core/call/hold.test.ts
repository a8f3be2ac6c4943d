import { expect, test } from 'vitest'
import { holdFor } from '../../../../src/core/call/hold.ts'
import { defaults } from '../../../../src/core/options.ts'
import type { Hold } from '../../../../src/core/ports.ts'
import type { Answer, Call } from '../../../../src/core/types.ts'
import { call } from '../pick/peers.ts'

const whole: Hold = { bytes: 262_144, ms: Number.POSITIVE_INFINITY, longestMs: Number.POSITIVE_INFINITY }
const aSecond: Hold = { bytes: 262_144, ms: 1_000, longestMs: 5_000 }
const short: Hold = { bytes: 262_144, ms: 50, longestMs: 50 }

const rows: [what: string, answer: Partial<Answer>, hold: Hold | undefined, call?: Partial<Call>][] = [
  ['a body of 256 kB', { lengthBytes: 262_144 }, whole],
  ['an image of 1 kB', { lengthBytes: 1_000, type: 'image/png' }, whole],
  ['a body of one byte more', { lengthBytes: 262_145 }, undefined],
  ['an empty body', { lengthBytes: 0 }, undefined],
  ['JSON of unknown length', { type: 'application/json' }, aSecond],
  ['a problem in JSON of unknown length', { type: 'application/problem+json' }, aSecond],
  ['XML of unknown length', { type: 'text/xml' }, aSecond],
  ['Atom of unknown length', { type: 'application/atom+xml' }, aSecond],
  ['HTML of unknown length', { type: 'text/html' }, aSecond],
  ['JSON lines of unknown length', { type: 'application/x-ndjson' }, short],
  ['text of unknown length', { type: 'text/plain' }, short],
  ['a body of no type', { type: '' }, short],
  ['an event stream', { type: 'text/event-stream', lengthBytes: 100 }, undefined],
  ['a range', { status: 206, lengthBytes: 100 }, undefined],
  ['what the page asked for as a stream', { lengthBytes: 100 }, undefined, { streams: true }],
  ['an answer to HEAD', { lengthBytes: 100 }, undefined, { method: 'HEAD' }],
  ['204', { status: 204 }, undefined],
  ['205', { status: 205 }, undefined],
  ['304', { status: 304, lengthBytes: 100 }, undefined],
  ['300', { status: 300, lengthBytes: 100 }, undefined],
  ['a redirect', { status: 302, lengthBytes: 100 }, undefined],
  ['400', { status: 400, lengthBytes: 100 }, whole],
  ['404', { status: 404, lengthBytes: 100 }, whole],
]

test.each(rows)('%s is held for as long as it should be', (_what, fields, hold, callFields) => {
  const answer: Answer = { status: 200, type: 'application/json', handle: undefined, ...fields }
  expect(holdFor(call(callFields), answer, defaults)).toEqual(hold)
})
