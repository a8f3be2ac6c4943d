import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { toCall } from '../../../src/adapters/call.ts'
import { corsNeeds, findRefusal } from '../../../src/adapters/cors-refusal.ts'
import type { Server } from '../../../src/core/types.ts'

const url = 'https://b.example/api/x'
const server = (credentials: Server['credentials']): Server => ({
  url: 'https://b.example/',
  weight: 1,
  tier: 0,
  transport: 'auto',
  credentials,
  writes: true,
})
const callOf = (init: RequestInit = {}) => toCall(new Request('https://a.example/api/x', init), { cookies: false })

beforeEach(() => void vi.stubGlobal('location', { origin: 'https://a.example' }))
afterEach(() => void vi.unstubAllGlobals())

test.each<[string, RequestInit, Server['credentials'], string[]]>([
  ['a plain read', {}, 'omit', []],
  ['one with a form', { method: 'POST', body: new URLSearchParams('a=1') }, 'omit', []],
  [
    'one with JSON',
    { method: 'POST', headers: { 'content-type': 'application/json' } },
    'omit',
    ['Headers: content-type'],
  ],
  ['its own header, which stays here', { headers: { 'x-csrf-token': '1' } }, 'omit', []],
  [
    'its own header, which travels',
    { headers: { 'x-csrf-token': '1', accept: 'a/b' } },
    'headers',
    ['Headers: x-csrf-token'],
  ],
  [
    "a page's `Accept`, which is long",
    { headers: { accept: `text/html${',image/png'.repeat(20)}` } },
    'omit',
    ['Headers: accept'],
  ],
  ['cookies', {}, 'include', ['Credentials: true']],
  ['another method', { method: 'PUT' }, 'omit', ['Methods: PUT']],
])('what CORS must allow for %s', (_what, init, credentials, more) => {
  expect(Object.keys(corsNeeds(callOf(init), server(credentials)))).toEqual(['Origin: https://a.example', ...more])
})

/** Asks of a server that refuses what `refuses` says of a question. */
async function ask(init: RequestInit, refuses: (asked: Request, mode: RequestInit) => boolean) {
  const methods: string[] = []
  const send = async (input: unknown, how: RequestInit = {}) => {
    const request = new Request(input as string, { ...how, mode: 'cors' })
    methods.push(request.method)
    if (refuses(request, how)) throw new TypeError('Failed to fetch')
    return new Response()
  }
  const found = await findRefusal(send as typeof fetch, { call: callOf(init), url, server: server('include') })
  return { found, methods: new Set(methods) }
}

const write = { method: 'PUT', headers: { 'x-csrf-token': '1', 'x-tenant': 'a' } }

test('each header is asked for alone, by reads only', async () => {
  const { found, methods } = await ask(write, ({ headers }) => headers.has('x-csrf-token'))
  expect([found, [...methods]]).toEqual([['Headers: x-csrf-token'], ['GET']])
})

test('the method is named when nothing else is', async () => {
  expect((await ask(write, () => false)).found).toEqual(['Methods: PUT'])
})

test('no answer at all but to a question that hides it: the origin is not allowed', async () => {
  const { found } = await ask(write, (_, { mode }) => mode !== 'no-cors')
  expect(found).toEqual(['Origin: https://a.example'])
})

test('no answer to any question is no refusal', async () => {
  expect((await ask(write, () => true)).found).toEqual([])
})
