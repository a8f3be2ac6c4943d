import type { Case } from '../../support/fidelity/case.ts'

/** Bodies that come bit by bit, break off, or are given up. */
export const streams: Case[] = [
  ...['text/plain', 'application/octet-stream', 'application/x-ndjson'].map(
    (type): Case => ({
      name: `a stream of ${type}, whose pieces come as they are sent`,
      run: piecesOf({ type }),
    }),
  ),
  {
    name: 'a stream of over 256 kB with a declared length, whose pieces come as they are sent',
    run: piecesOf({ length: 1, bytes: 70_000, type: 'application/json' }),
  },
  {
    name: 'a stream of JSON without a length',
    exceptions: [{ at: 'late', because: 'held JSON', when: 'ours' }],
    run: piecesOf({ type: 'application/json' }),
  },
  {
    name: 'a stream that goes on for a while',
    limitMs: 120_000,
    async run(kit) {
      const everyMs = 500
      const count = kit.full ? 180 : 6
      const response = await fetch(kit.url('stream', { pieces: count, everyMs, type: 'text/plain' }))
      const text = await response.text()
      return { status: response.status, length: text.length, pieces: text.match(/\d{13}\n/g)?.length }
    },
  },
  {
    name: 'a body that breaks off, large enough to be passed on as it comes',
    run: async kit => kit.ask(kit.url('cut', { declared: 1_000_000, bytes: 400_000 })),
  },
  {
    name: 'a body that breaks off, small enough to be held',
    exceptions: [{ at: '', because: 'broken bodies', when: 'ours', engines: ['webkit'] }],
    run: async kit => kit.ask(kit.url('cut', { declared: 5_000, bytes: 1_000 })),
  },
  {
    name: 'a body without a length that breaks off',
    run: async kit => [
      await kit.ask(kit.url('cut', { bytes: 2_000, type: 'application/json' })),
      await kit.ask(kit.url('cut', { bytes: 2_000, type: 'text/plain' })),
    ],
  },
  {
    name: 'a body of more or less than its declared length',
    exceptions: [{ at: '1', because: 'broken bodies', when: 'ours', engines: ['webkit'] }],
    run: async kit => [
      await kit.ask(kit.url('say', { body: 'hello', h: 'content-encoding:identity' })),
      await kit.ask(kit.url('cut', { declared: 10, bytes: 9 })),
    ],
  },
  {
    name: 'an abort before there is an answer',
    async run(kit) {
      const id = kit.id()
      const control = new AbortController()
      const call = kit.outcome(fetch(kit.url('hang', { id }), { signal: control.signal }))
      const arrived = await kit.arrived(id)
      control.abort()
      return { arrived, error: await call, closed: await kit.closed(id) }
    },
  },
  {
    name: 'an abort before there is an answer, of a Request',
    async run(kit) {
      const id = kit.id()
      const control = new AbortController()
      const call = kit.outcome(fetch(new Request(kit.url('hang', { id }), { signal: control.signal })))
      const arrived = await kit.arrived(id)
      control.abort()
      return { arrived, error: await call, closed: await kit.closed(id) }
    },
  },
  {
    name: 'an abort of a write before there is an answer',
    async run(kit) {
      const id = kit.id()
      const control = new AbortController()
      const init = { method: 'POST', body: 'a', signal: control.signal }
      const call = kit.outcome(fetch(kit.url('hang', { id }), init))
      const arrived = await kit.arrived(id)
      control.abort()
      return { arrived, error: await call, closed: await kit.closed(id), times: (await kit.arrivals(id)).length }
    },
  },
  {
    name: 'an abort before there is an answer, of a Request with a body',
    exceptions: [{ at: 'closed', because: 'aborted Requests', when: 'any worker' }],
    async run(kit) {
      const id = kit.id()
      const control = new AbortController()
      const init = { method: 'POST', body: 'a', signal: control.signal }
      const call = kit.outcome(fetch(new Request(kit.url('hang', { id }), init)))
      const arrived = await kit.arrived(id)
      control.abort()
      return { arrived, error: await call, closed: await kit.closed(id) }
    },
  },
  {
    name: 'an abort in the middle of a body',
    async run(kit) {
      const id = kit.id()
      const control = new AbortController()
      const response = await fetch(kit.url('half', { id }), { signal: control.signal })
      const reader = response.body!.getReader()
      const first = (await reader.read()).value!.byteLength > 0
      control.abort()
      return { first, error: await kit.outcome(reader.read()), closed: await kit.closed(id) }
    },
  },
  {
    name: 'an abort while a whole body is awaited',
    async run(kit) {
      const id = kit.id()
      const control = new AbortController()
      const response = await fetch(kit.url('half', { id }), { signal: control.signal })
      const read = kit.outcome(response.arrayBuffer())
      control.abort()
      return { error: await read, closed: await kit.closed(id) }
    },
  },
  {
    name: 'a reader that is cancelled',
    async run(kit) {
      const id = kit.id()
      const response = await fetch(kit.url('half', { id }))
      const reader = response.body!.getReader()
      await reader.read()
      await reader.cancel('enough')
      return { end: await reader.read(), closed: await kit.closed(id) }
    },
  },
  {
    name: 'an abort with a reason',
    async run(kit) {
      const reason = { own: 'reason' }
      const control = new AbortController()
      const call = fetch(kit.url('hang'), { signal: control.signal }).catch(error => error === reason)
      await kit.wait(50)
      control.abort(reason)
      const later = new AbortController()
      const response = await fetch(kit.url('half'), { signal: later.signal })
      const read = response.text().catch(error => error === reason)
      later.abort(reason)
      return { before: await call, during: await read, after: await kit.outcome(fetch('/', { signal: later.signal })) }
    },
  },
  {
    name: 'AbortSignal.timeout, before the answer and during its body',
    async run(kit) {
      const id = kit.id()
      const before = await kit.outcome(fetch(kit.url('hang', { id }), { signal: AbortSignal.timeout(200) }))
      const signal = AbortSignal.timeout(400)
      const during = await kit.outcome(async () => (await fetch(kit.url('half', { id }), { signal })).text())
      return { before, during, closed: await kit.closed(id) }
    },
  },
  {
    name: 'an abort after the end',
    async run(kit) {
      const control = new AbortController()
      const response = await fetch(kit.url('say', { body: 'whole' }), { signal: control.signal })
      const text = await response.text()
      control.abort()
      return [text, kit.looks(response)]
    },
  },
]

/** A case is run by its source, so what it asks for is written into that. */
function piecesOf(params: Record<string, string | number>): Case['run'] {
  return new Function('kit', `return (${pieces})(kit, ${JSON.stringify(params)})`) as Case['run']
}

/** Reads a stream of five pieces and tells whether each came at once. Runs in the page by its source. */
async function pieces(kit: import('../../support/fidelity/kit.ts').Kit, params: Record<string, string | number>) {
  const response = await fetch(kit.url('stream', { pieces: 5, everyMs: 150, bytes: 500, ...params }))
  const reader = response.body!.getReader()
  const decoder = new TextDecoder()
  const late: number[] = []
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.byteLength
    for (const [, sentAt] of decoder.decode(value).matchAll(/(\d{13})\n/g)) late.push(Date.now() - Number(sentAt))
  }
  return { looks: kit.looks(response), bytes, pieces: late.length, late: late.filter(ms => ms > kit.promptMs) }
}
