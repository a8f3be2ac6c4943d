import { expect, test } from 'vitest'
import { patiently } from '../../../sw/patience.ts'
import { createClock } from './fakes.ts'

type Verdict = 'answers' | 'dead' | 'unknown'

/** Verdicts in the order of the looks, each 300 ms after its look; the last one stays. */
function setUp(verdicts: Verdict[], { kept = true, lives = false } = {}) {
  const clock = createClock()
  const looks: number[] = []
  const startedAt = clock.now()
  let settle: { resolve(response: Response): void; reject(error: unknown): void } | undefined
  const network = new Promise<Response>((resolve, reject) => {
    settle = { resolve, reject }
  })
  const asked: (number | undefined)[] = []
  const failover = {
    look(_: string, end: (verdict: Verdict) => void) {
      const verdict = verdicts[Math.min(looks.length, verdicts.length - 1)]!
      looks.push(clock.now() - startedAt)
      clock.after(300, () => end(verdict))
    },
  }
  let answer: { body: string; afterMs: number } | undefined
  const standIn = async (status?: number) => {
    asked.push(status)
    return kept ? new Response('kept') : undefined
  }
  patiently(
    network,
    { url: 'https://a.example/', lookAfterMs: 600, standIn },
    { failover, clock, probe: answered => void (lives && answered()) },
  ).then(async response => {
    const afterMs = clock.now() - startedAt
    answer = { body: response.type === 'error' ? 'error' : await response.text(), afterMs }
  })
  return { clock, looks, asked, answer: () => answer, settle: settle! }
}

test('a quick answer is passed on, and nobody is looked at', async () => {
  const { clock, settle, answer, looks } = setUp(['dead'])
  settle.resolve(new Response('fresh'))
  await clock.pass(20_000)
  expect(answer()?.body).toBe('fresh')
  expect(looks).toEqual([])
})

test('a refused request is answered from the kept copy at once', async () => {
  const { clock, settle, answer } = setUp(['dead'])
  settle.reject(new TypeError())
  await clock.pass(0)
  expect(answer()).toEqual({ body: 'kept', afterMs: 0 })
})

test('a 5xx is answered from the kept copy, else passed on', async () => {
  const one = setUp(['answers'])
  one.settle.resolve(new Response('broken', { status: 503 }))
  await one.clock.pass(0)
  expect(one.answer()?.body).toBe('kept')
  expect(one.asked).toEqual([503])
  const other = setUp(['answers'], { kept: false })
  other.settle.resolve(new Response('broken', { status: 500 }))
  await other.clock.pass(0)
  expect(other.answer()?.body).toBe('broken')
})

test('a 404 is what the server says', async () => {
  const { clock, settle, answer } = setUp(['dead'])
  settle.resolve(new Response('none', { status: 404 }))
  await clock.pass(0)
  expect(answer()?.body).toBe('none')
})

test('a silent server found dead is replaced after 0.9 s', async () => {
  const { clock, answer } = setUp(['dead'])
  await clock.pass(5_000)
  expect(answer()).toEqual({ body: 'kept', afterMs: 900 })
})

test('a slow but living server is waited for', async () => {
  const { clock, settle, answer, looks } = setUp(['answers'])
  await clock.pass(30_000)
  expect(answer()).toBeUndefined()
  expect(looks.slice(0, 4)).toEqual([600, 2_900, 5_200, 7_500])
  settle.resolve(new Response('late'))
  await clock.pass(0)
  expect(answer()?.body).toBe('late')
})

test('a server that dies while it is waited for is replaced after the next look', async () => {
  const { clock, answer } = setUp(['answers', 'dead'])
  await clock.pass(10_000)
  expect(answer()).toEqual({ body: 'kept', afterMs: 3_200 })
})

test('when nothing answers at all the kept copy comes after 4 s', async () => {
  const { clock, answer } = setUp(['unknown'])
  await clock.pass(3_900)
  expect(answer()).toBeUndefined()
  await clock.pass(200)
  expect(answer()).toEqual({ body: 'kept', afterMs: 4_000 })
})

test('… but not while the server itself says that it lives', async () => {
  const { clock, settle, answer } = setUp(['unknown'], { lives: true })
  await clock.pass(30_000)
  expect(answer()).toBeUndefined()
  settle.resolve(new Response('late'))
  await clock.pass(0)
  expect(answer()?.body).toBe('late')
})

test('without a kept copy what the network says stands, however late', async () => {
  const { clock, settle, answer } = setUp(['dead'], { kept: false })
  await clock.pass(10_000)
  expect(answer()).toBeUndefined()
  settle.resolve(new Response('at last'))
  await clock.pass(0)
  expect(answer()?.body).toBe('at last')
})

test('refused and nothing kept: the network’s error', async () => {
  const { clock, settle, answer } = setUp(['dead'], { kept: false })
  settle.reject(new TypeError())
  await clock.pass(0)
  expect(answer()?.body).toBe('error')
})
