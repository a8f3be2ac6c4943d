import { describe, expect, test } from 'vitest'
import { isHtml, type Worth, worthOf } from '../../../../src/core/call/worth.ts'
import { callOf } from '../../../support/client.ts'
import { a, b, world } from './scene.ts'

interface Scene {
  /** The answer is the asked server's own. */
  own: boolean
  /** The asked server is ejected or backed off. */
  askedOut: boolean
  /** This server was not sent the credentials that the page sent. */
  sentLess: boolean
  writes: boolean
  html: boolean
  repeatable: boolean
}

function weigh(status: number, scene: Partial<Scene>, type = 'application/json'): Worth {
  const request = {
    world: world([a, b], { isOut: () => !!scene.askedOut }).world,
    call: callOf('/api/read', { authorization: scene.sentLess ?? false }),
    asked: a,
    nature: scene.writes ? ('keyed' as const) : ('read' as const),
    kind: { ms: [], html: scene.html },
  }
  const answer = { status, type, handle: undefined }
  return worthOf(request, scene.own ? a : b, answer, scene.repeatable ?? true)
}

describe('from the asked server', () => {
  test.each([200, 204, 301, 304, 400, 401, 404, 429])('%i counts', status => {
    const hardest = { own: true, sentLess: true, writes: true, html: false }
    expect(weigh(status, hardest, 'text/html')).toBe('counts')
  })

  test.each([500, 502, 503, 504])('%i waits while it may be asked of another, and counts otherwise', status => {
    expect(weigh(status, { own: true })).toBe('waits')
    expect(weigh(status, { own: true, repeatable: false })).toBe('counts')
  })
})

describe('from another server', () => {
  test.each([200, 201, 204])('%i counts', status => {
    expect(weigh(status, {})).toBe('counts')
    expect(weigh(status, { writes: true, sentLess: true })).toBe('counts')
  })

  test.each([400, 401, 403, 404, 409, 410, 429])('%i counts once the asked server is out, and waits before', status => {
    expect(weigh(status, {})).toBe('waits')
    expect(weigh(status, { askedOut: true })).toBe('counts')
  })

  test.each([302, 304])(
    '%i waits for something better: none was asked whether anything changed, nor may lead on',
    status => {
      expect(weigh(status, { askedOut: true })).toBe('waits')
      expect(weigh(status, { writes: true })).toBe('waits')
    },
  )

  test.each([500, 502, 503])('%i waits, even when the asked server is out', status => {
    expect(weigh(status, {})).toBe('waits')
    expect(weigh(status, { askedOut: true, repeatable: false })).toBe('waits')
  })

  test.each([401, 403, 407])('%i is no answer when it was sent less than the page sent', status => {
    expect(weigh(status, { sentLess: true, askedOut: true })).toBe('denied')
    expect(weigh(status, { sentLess: false, askedOut: true })).toBe('counts')
  })

  test('404 counts although less was sent', () => {
    expect(weigh(404, { sentLess: true, askedOut: true })).toBe('counts')
  })

  test.each([404, 405, 501])('%i is no answer to a write', status => {
    expect(weigh(status, { writes: true, askedOut: true })).toBe('never')
    expect(weigh(status, { writes: false, askedOut: true })).not.toBe('never')
  })

  test('409 is an answer to a write', () => {
    expect(weigh(409, { writes: true, askedOut: true })).toBe('counts')
  })

  test('HTML is no answer where this kind of request has answered otherwise', () => {
    expect(weigh(200, { html: false }, 'text/html')).toBe('never')
    expect(weigh(200, { html: false }, 'application/xhtml+xml')).toBe('never')
    expect(weigh(200, { html: true }, 'text/html')).toBe('counts')
    expect(weigh(200, { html: false }, 'application/json')).toBe('counts')
  })

  test('HTML waits for something better where this kind of request has never answered', () => {
    expect(weigh(200, { html: undefined }, 'text/html')).toBe('waits')
    expect(weigh(200, { html: undefined, writes: true }, 'text/html')).toBe('counts')
    expect(weigh(200, { html: undefined }, 'application/json')).toBe('counts')
  })
})

test.each([
  ['text/html', true],
  ['application/xhtml+xml', true],
  ['text/plain', false],
  ['', false],
])('an answer of type "%s" is HTML: %s', (type, html) => {
  expect(isHtml({ status: 200, type, handle: undefined })).toBe(html)
})
