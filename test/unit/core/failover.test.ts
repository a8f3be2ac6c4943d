import { describe, expect, test } from 'vitest'
import { A, B, C, callOf, client, D, failures, listOf, type Sent } from '../../support/client.ts'
import { type Behaviour, scriptedNetwork } from '../../support/scripted-network.ts'
import { virtualClock } from '../../support/virtual-clock.ts'

const slowest = (sent: readonly Sent[]) => Math.max(...sent.map(one => one.ms ?? Number.POSITIVE_INFINITY))

/** Faults of the primary, and how slow the slowest read may be while they begin. */
const faults: [name: string, change: Partial<Behaviour>, slowestMs: number, laterMs: number][] = [
  ['is refused', { api: 'refuse' }, 30, 30],
  ['hangs', { api: 'hang' }, 900, 30],
  ['answers 503', { status: 503 }, 30, 30],
  ['answers 503 behind a green health page', { status: 503, probeStatus: 200 }, 30, 30],
  ['answers 503 with Retry-After', { status: 503, retryAfterMs: 30_000 }, 30, 30],
  ['resets behind a green health page', { api: 'refuse', probe: 'ok' }, 30, 30],
  ['stalls in mid-body', { api: 'stall' }, 1_500, 30],
  ['breaks off in mid-body', { api: 'break' }, 30, 30],
  ['takes 8 s', { ms: 8_000, probe: 'ok' }, 2_600, 30],
  ['hangs behind a green health page', { api: 'hang', probe: 'ok' }, 2_600, 30],
]

describe.each(faults)('when the primary %s', (_name, change, slowestMs, laterMs) => {
  test('1,000 reads at 50/s all succeed', () => {
    const { net, stream, clock } = client()
    const before = stream(100, 20)
    Object.assign(net.servers[A]!, change)
    const during = stream(1_000, 20)
    clock.run(15_000)
    expect(failures([...before, ...during])).toEqual([])
    expect(slowest(during)).toBeLessThanOrEqual(slowestMs)
    expect(slowest(during.slice(150))).toBeLessThanOrEqual(laterMs)
  })

  test('sequential reads wait at most twice and then go to the mirror at once', () => {
    const { net, get } = client()
    for (let i = 0; i < 50; i++) get('/api/read')
    const warm = net.hits.length
    Object.assign(net.servers[A]!, change)
    const reads = Array.from({ length: 50 }, () => get('/api/read'))
    expect(failures(reads)).toEqual([])
    expect(slowest(reads)).toBeLessThanOrEqual(slowestMs)
    expect(reads.filter(read => read.ms! > 60).length).toBeLessThanOrEqual(2)
    expect(net.hits.slice(warm).filter(hit => hit.server === A).length).toBeLessThanOrEqual(2)
  })

  test('64 reads in flight at that moment all succeed', () => {
    const { net, send, stream, clock } = client()
    stream(100, 20)
    const together = Array.from({ length: 64 }, () => send('/api/read'))
    clock.run(3)
    Object.assign(net.servers[A]!, change)
    const after = Array.from({ length: 64 }, () => send('/api/read'))
    clock.run(20_000)
    expect(failures([...together, ...after])).toEqual([])
    expect(slowest(after)).toBeLessThanOrEqual(slowestMs + 300)
  })
})

test.each([0.1, 0.3])('when %d of the primary’s answers are 500, 1,000 reads all succeed', share => {
  const { net, get } = client()
  let count = 0
  const reads = Array.from({ length: 1_000 }, () => {
    const bad = Math.floor(++count * share) > Math.floor((count - 1) * share)
    Object.assign(net.servers[A]!, { status: bad ? 500 : 200, probeStatus: 200 })
    return get('/api/read')
  })
  expect(failures(reads)).toEqual([])
})

test('two of four servers dead in different ways lose no read', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const { net, stream, clock } = client([A, B, C, D], { seed })
    stream(100, 20)
    Object.assign(net.servers[A]!, { api: 'hang' })
    Object.assign(net.servers[B]!, { api: seed % 2 ? 'refuse' : 'hang' })
    const during = stream(300, 20)
    clock.run(15_000)
    expect(failures(during), `seed ${seed}`).toEqual([])
    expect(slowest(during), `seed ${seed}`).toBeLessThanOrEqual(1_200)
  }
})

describe('never worse than without us', () => {
  test.each([
    ['a 30 s read on a path seen before', 30_000, 1, 0],
    ['a 15 s report seen for the first time', 15_000, 0, 1],
    ['a 45 s long poll seen for the first time', 45_000, 0, 1],
  ])('%s is answered by the primary', (_name, ms, seen, others) => {
    const { net, get, core } = client()
    Object.assign(net.servers[A]!, { ms, probe: 'ok' })
    for (const server of [B, C, D]) Object.assign(net.servers[server]!, { ms, probe: 'ok' })
    for (let i = 0; i < seen; i++) get('/api/report', {}, 60_000)
    net.hits.length = 0
    const read = get('/api/report', {}, 60_000)
    expect(read.by).toBe(A)
    expect(read.ms).toBeLessThan(ms + 10)
    expect(net.hits.filter(hit => hit.server !== A).length).toBeLessThanOrEqual(others)
    expect(core.status().servers.every(server => server.state === 'in-service')).toBe(true)
  })

  test('an endpoint that always answers 500 everywhere answers 500 of the primary', () => {
    const { net, get, core } = client()
    for (let i = 0; i < 30; i++) get('/api/read')
    for (const server of [A, B, C, D]) Object.assign(net.servers[server]!, { status: 500, probeStatus: 200 })
    for (let i = 0; i < 20; i++) {
      net.hits.length = 0
      expect(get('/api/broken').by).toBe(A)
      expect(net.hits.length).toBeLessThanOrEqual(2)
    }
    expect(core.status().servers.every(server => server.state === 'in-service')).toBe(true)
  })

  test('64 reads of 300 ms over six connections are nobody’s fault', () => {
    const { net, send, clock, core } = client()
    Object.assign(net.servers[A]!, { ms: 300 })
    const reads = Array.from({ length: 64 }, () => send('/api/read'))
    clock.run(5_000)
    expect(reads.every(read => read.by === A)).toBe(true)
    expect(net.hits.length).toBe(64)
    expect(core.status().state).toBe('ok')
  })
})

describe('writes', () => {
  test('are sent once while the primary hangs, and go to the mirror after the verdict', () => {
    const { net, send, stream, clock } = client()
    stream(50, 20)
    Object.assign(net.servers[A]!, { api: 'hang' })
    const posts: Sent[] = []
    for (let i = 0; i < 300; i++) {
      posts.push(send('/api/write', { method: 'POST', hasBody: true }))
      clock.run(20)
    }
    clock.run(20_000)
    expect(posts.every(post => post.outcome)).toBe(true)
    const lost = posts.filter(post => 'error' in post.outcome!)
    expect(lost.length).toBeLessThanOrEqual(45)
    expect(lost.every(post => 'error' in post.outcome! && post.outcome.error.sent === 'unknown')).toBe(true)
    expect(slowest(lost)).toBeLessThanOrEqual(15_000)
    expect(net.hits.filter(hit => hit.method === 'POST').length).toBe(300)
  })

  test('wait for a living server when none was heard from, and say that nothing was sent when there is none', () => {
    const { net, get } = client()
    expect(get('/api/write', { method: 'POST' }).by).toBe(A)
    for (const server of [A, B, C, D]) Object.assign(net.servers[server]!, { api: 'hang' })
    const { clock } = client()
    clock.run(0)
    const fresh = client()
    for (const server of [A, B, C, D]) Object.assign(fresh.net.servers[server]!, { api: 'hang' })
    const write = fresh.get('/api/write', { method: 'POST' })
    expect(write.outcome).toMatchObject({ error: { sent: 'no' } })
    expect(write.ms).toBeLessThanOrEqual(6_000)
    expect(fresh.net.hits).toEqual([])
  })

  test('with a key are repeated, PUT and DELETE only once their server is out', () => {
    const keyed = client()
    keyed.get('/api/read')
    Object.assign(keyed.net.servers[A]!, { api: 'refuse' })
    expect(keyed.get('/api/write', { method: 'POST', idempotencyKey: true }).by).not.toBe(A)
    const put = client()
    put.get('/api/read')
    Object.assign(put.net.servers[A]!, { api: 'refuse' })
    const sent = put.get('/api/thing/1', { method: 'PUT' })
    expect([B, C, D]).toContain(sent.by)
    expect(put.get('/api/thing/1', { method: 'PUT' }).by).toBe(sent.by)
  })

  test('keep this client’s reads on their server for 10 s', () => {
    const { net, get, clock } = client()
    get('/api/read')
    Object.assign(net.servers[A]!, { api: 'refuse' })
    get('/api/read')
    const { by } = get('/api/write', { method: 'POST' })
    expect(by).not.toBe(A)
    for (let i = 0; i < 10; i++) expect(get('/api/read').by).toBe(by)
    clock.run(10_000)
  })
})

describe('whose fault it is', () => {
  test('own network lost in silence: nobody is ejected, nothing is sent twice, code offline', () => {
    const { net, get, core, stream } = client()
    stream(50, 20)
    net.hits.length = 0
    net.cut = 'silent'
    net.isOnline = false
    const read = get('/api/read')
    expect(read.by).toBe('offline')
    expect(read.ms).toBeLessThanOrEqual(11_000)
    expect(core.status().state).toBe('network-down')
    expect(core.status().servers.some(server => ['dead', 'slow', 'erring'].includes(server.state))).toBe(false)
    net.cut = false
    expect(get('/api/read').by).toBe(A)
    expect(core.status().state).toBe('ok')
  })

  test('own network refused: the same, at once', () => {
    const { net, get, core, stream } = client()
    stream(50, 20)
    net.cut = 'refused'
    net.isOnline = false
    const read = get('/api/read')
    expect(read.by).toBe('offline')
    expect(read.ms).toBeLessThan(100)
    expect(core.status().servers.some(server => server.state === 'dead')).toBe(false)
  })

  // What was sent into a silent network stays lost here, as in a connection that a new network has forgotten.
  test.each(['refused', 'silent'] as const)('own network lost under traffic (%s): nobody is out for it', how => {
    for (const lostMs of [300, 1_000, 3_000, 20_000])
      for (const everyMs of [20, 250, 1_000]) {
        const { net, core, stream } = client()
        stream(50, 20)
        net.cut = how
        stream(lostMs / everyMs + 1, everyMs)
        net.cut = false
        stream(4_000 / everyMs, everyMs)
        for (const { state } of core.status().servers)
          expect(state, `${lostMs} ms, one in ${everyMs}`).toBe('in-service')
      }
  })

  test('a primary that keeps every tenth read waiting is slow all the same, however soon it answers the others', () => {
    const { net, core, stream, send, clock } = client()
    stream(50, 20)
    for (let n = 0; n < 30; n++) {
      net.servers[A]!.ms = 8_000
      send('/api/read')
      net.servers[A]!.ms = 5
      stream(9, 20)
    }
    clock.run(2_000)
    expect(core.status().servers).toContainEqual(expect.objectContaining({ url: `${A}/`, state: 'slow' }))
  })

  test('eight reads that hang together on a primary that answers others soon wait no longer than one', () => {
    const { net, stream, send, clock } = client()
    net.apart = () => true
    stream(50, 20)
    net.servers[A]!.ms = 60_000
    const hung = Array.from({ length: 8 }, () => send('/api/read'))
    net.servers[A]!.ms = 5
    stream(100, 20)
    clock.run(15_000)
    expect(failures(hung)).toEqual([])
    expect(slowest(hung)).toBeLessThanOrEqual(2_600)
  })

  test('all servers refuse: one clear record within 100 ms, nobody blamed, and without a witness it is unknown', () => {
    const { net, get, core } = client()
    for (const server of [A, B, C, D]) Object.assign(net.servers[server]!, { api: 'refuse' })
    const read = get('/api/read?token=secret')
    expect(read.by).toBe('unreachable')
    expect(read.ms).toBeLessThan(100)
    expect(core.status().state).toBe('unknown')
    const { error } = read.outcome as unknown as { error: { tries: { server: string }[] } }
    expect(new Set(error.tries.map(one => one.server)).size).toBe(4)
    expect(JSON.stringify(error)).not.toContain('secret')
    expect(core.status().failures).toHaveLength(1)
  })

  test('a declared witness decides between the servers and the network', () => {
    const witness = 'https://w.example/alive'
    const down = client([A, B], { list: { witnesses: [witness] } })
    for (const server of [A, B]) Object.assign(down.net.servers[server]!, { api: 'refuse' })
    down.net.servers['https://w.example'] = { api: 'ok', status: 404, ms: 1, type: '' }
    expect(down.get('/api/read').by).toBe('unreachable')
    expect(down.core.status().state).toBe('server-down')
    const lost = client([A, B], { list: { witnesses: [witness] } })
    lost.net.cut = 'refused'
    expect(lost.get('/api/read').by).toBe('offline')
    expect(lost.core.status().state).toBe('network-down')
  })

  test('one server lost: degraded, and who', () => {
    const { net, get, clock, core } = client()
    Object.assign(net.servers[A]!, { api: 'refuse' })
    get('/api/read')
    clock.run(100)
    expect(core.status().state).toBe('degraded')
    expect(core.status().servers.find(server => server.state === 'dead')?.url).toBe(`${A}/`)
  })

  test('an answer of any status is passed on when no server has a better one', () => {
    const { net, get } = client()
    get('/api/read')
    for (const server of [A, C, D]) Object.assign(net.servers[server]!, { api: 'refuse' })
    Object.assign(net.servers[B]!, { status: 404, probeStatus: 200 })
    expect(get('/api/read').by).toBe(B)
  })
})

test('while the primary asks for peace a mirror that lacks the login keeps nobody from it', () => {
  const { net, get } = client()
  get('/api/read')
  Object.assign(net.servers[A]!, { status: 429, retryAfterMs: 60_000 })
  get('/api/search')
  Object.assign(net.servers[A]!, { status: 200 })
  for (const mirror of [B, C, D]) Object.assign(net.servers[mirror]!, { status: 401, probeStatus: 200 })
  for (let n = 0; n < 10; n++) expect(get('/api/me', { cookies: true }).by).toBe(A)
  expect(get('/api/write', { cookies: true, method: 'POST' }).by).toBe(A)
})

test('a write that a mirror without the login refused is not sent on once a server has had it', () => {
  const { net, get } = client()
  get('/api/read')
  Object.assign(net.servers[A]!, { status: 429, retryAfterMs: 60_000 })
  get('/api/search')
  Object.assign(net.servers[A]!, { status: 200, api: 'refuse', probe: 'ok' })
  for (const mirror of [B, C, D]) Object.assign(net.servers[mirror]!, { status: 401, probeStatus: 200 })
  net.hits.length = 0
  get('/api/write', { cookies: true, method: 'POST' })
  expect(net.hits.filter(({ server }) => server === A)).toHaveLength(1)
  expect(net.hits.at(-1)!.server).toBe(A)
})

describe('what is said to the author', () => {
  test('a server that may not have Authorization is named, with the line to add', () => {
    const { net, get, core } = client()
    Object.assign(net.servers[A]!, { api: 'refuse' })
    expect(get('/api/read', { authorization: true }).by).toBe('credentials')
    expect(net.hits.every(hit => hit.server === A)).toBe(true)
    const named = core.status().problems.filter(problem => problem.code === 'credentials')
    expect(named).toHaveLength(3)
    expect(named[0]!.message).toContain('"credentials": "headers"')
  })

  test('an endpoint that always answers 500 costs at most one probe a second', () => {
    const { net, stream } = client()
    stream(20, 20)
    for (const server of [A, B, C, D]) Object.assign(net.servers[server]!, { status: 500, probeStatus: 200 })
    net.probes.length = 0
    stream(100, 20, '/api/broken')
    expect(net.probes.filter(probe => probe.server === A).length).toBeLessThanOrEqual(3)
  })
})

test('a read without an answer to show waits for the verdict on its server, and then asks a third', () => {
  const { net, get } = client([{ url: A }, { url: B }, { url: C, tier: 1 }])
  expect(get('/api/read').by).toBe(A)
  Object.assign(net.servers[A]!, { api: 'refuse', probe: 'hang' })
  net.servers[B]!.type = 'text/html'
  const { by, ms } = get('/api/read')
  expect(by).toBe(C)
  expect(ms).toBeLessThanOrEqual(400)
})

describe('the way back', () => {
  test('a returned primary is used again after two good probes and one read', () => {
    const { net, get, clock, core } = client()
    get('/api/read')
    Object.assign(net.servers[A]!, { api: 'refuse' })
    get('/api/read')
    clock.run(100)
    expect(core.inService(A)).toBe(false)
    Object.assign(net.servers[A]!, { api: 'ok' })
    let by: string | undefined
    let waited = 0
    while (by !== A && waited++ < 200) {
      clock.run(1_000)
      by = get('/api/read').by
    }
    expect(waited).toBeGreaterThan(20)
    expect(waited).toBeLessThan(80)
    expect(core.status().state).toBe('ok')
  })

  test('a flapping primary fails no read', () => {
    const { net, stream, clock } = client()
    const reads: Sent[] = []
    for (let round = 0; round < 10; round++) {
      Object.assign(net.servers[A]!, { api: round % 2 ? 'hang' : 'ok' })
      reads.push(...stream(200, 100))
    }
    clock.run(15_000)
    expect(failures(reads)).toEqual([])
  })
})

test('a read begun before the list is there moves once it is, if its server hangs', () => {
  const { core, net, clock, send } = client([])
  net.servers[A]!.api = 'hang'
  const [read, write] = [send('/api/read'), send('/api/write', { method: 'POST' })]
  clock.run(100)
  core.use(listOf([A, B, C, D]))
  clock.run(900)
  expect([B, C, D]).toContain(read.by)
  clock.run(15_000)
  expect(write.outcome).toMatchObject({ error: { sent: 'unknown' } })
})

describe('memory', () => {
  test('survives: a dead server is not tried first after a restart', () => {
    const first = client()
    first.get('/api/read')
    Object.assign(first.net.servers[A]!, { api: 'hang' })
    first.get('/api/read')
    const second = client([], { seed: 2 })
    second.core.restore(JSON.parse(JSON.stringify(first.core.memory())))
    second.core.use(listOf([A, B, C, D]))
    Object.assign(second.net.servers[A]!, { api: 'hang' })
    const read = second.get('/api/read')
    expect(read.ms).toBeLessThan(30)
    expect(second.net.hits.some(hit => hit.server === A)).toBe(false)
  })

  test('of another client moves at once what is under way to a server that it found dead', () => {
    const clock = virtualClock()
    const shared = { clock, net: scriptedNetwork(clock, [A, B, C, D]) }
    const [first, second] = [client([A, B, C, D], { shared }), client([A, B, C, D], { shared, seed: 2 })]
    for (const one of [first, second]) one.get('/api/read')
    shared.net.servers[A]!.api = 'hang'
    const late = first.send('/api/read')
    clock.run(700)
    const read = second.send('/api/read')
    const write = second.send('/api/write', { method: 'POST' })
    clock.run(100)
    expect([late.by === A, read.outcome]).toEqual([false, undefined])
    second.core.restore(JSON.parse(JSON.stringify(first.core.memory())))
    clock.run(50)
    expect([B, C, D]).toContain(read.by)
    expect(write.outcome).toBeUndefined()
    clock.run(15_000)
    expect(write.by).toBe('unrepeatable')
  })

  test('garbage in it is left out', () => {
    const { core, get } = client()
    for (const garbage of [
      null,
      5,
      'x',
      [],
      { servers: { [`${A}/`]: { out: 'dead', heardAt: 'soon' } }, kinds: [[1]], tokens: 'many', salt: 7 },
    ]) {
      core.restore(garbage)
    }
    expect(get('/api/read').by).toBe(A)
  })

  test('an ejection is saved at once', () => {
    const { net, get, clock, saves } = client()
    saves.length = 0
    get('/api/read')
    expect(saves).toContain(false)
    expect(saves).not.toContain(true)
    Object.assign(net.servers[A]!, { api: 'refuse' })
    get('/api/read')
    clock.run(100)
    expect(saves).toContain(true)
  })

  test('a write that an earlier life has sent is told of, and nobody knows what became of it', () => {
    const { core } = client()
    core.lost(callOf('/api/write?token=secret', { method: 'POST' }))
    expect(core.status().failures).toMatchObject([
      { code: 'unrepeatable', request: 'POST /api/write', sent: 'unknown', tries: [{ server: `${A}/` }] },
    ])
    expect(JSON.stringify(core.status().failures)).not.toContain('secret')
  })
})
