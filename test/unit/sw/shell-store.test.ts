import { expect, test } from 'vitest'
import { createShellStore, KEEP_BYTES, KEEP_FILE_BYTES, KEEP_FILES, KEPT } from '../../../sw/shell-store.ts'
import { createCaches, createClock } from './fakes.ts'

const a = 'https://a.example'

function setUp() {
  const clock = createClock()
  const fake = createCaches(a)
  const open = () => createShellStore('outrigger-shell', fake.caches, clock)
  return { clock, fake, open, store: open() }
}

const file = (body: string, headers: HeadersInit = {}) => new Response(body, { headers })

test('what is kept comes back with its headers, and says that it was kept', async () => {
  const { store, clock } = setUp()
  await store.keep(
    `${a}/app.js`,
    file('1', { 'content-type': 'text/javascript', vary: 'Accept-Encoding', etag: '"1"' }),
  )
  const copy = await store.copy(`${a}/app.js`)
  expect(await copy?.text()).toBe('1')
  expect(copy?.headers.get('content-type')).toBe('text/javascript')
  expect(copy?.headers.get('vary')).toBeNull()
  expect(copy?.headers.get(KEPT)).toBe(`${clock.now()} 1`)
})

test('an unchanged file is not written again, also in the worker’s next life', async () => {
  const { store, fake, open } = setUp()
  const same = () => file('1', { etag: '"1"', 'content-length': '1' })
  await store.keep(`${a}/app.js`, same())
  expect(store.has(`${a}/app.js`, same())).toBe(true)
  expect(store.has(`${a}/app.js`, file('22', { etag: '"1"', 'content-length': '2' }))).toBe(false)
  await open().keep(`${a}/app.js`, same())
  expect(fake.counts.puts).toBe(1)
})

test('a file that tells no version is written anew', async () => {
  const { store, fake } = setUp()
  await store.keep(`${a}/`, file('1'))
  expect(store.has(`${a}/`, file('1'))).toBe(false)
  await store.keep(`${a}/`, file('2'))
  expect(fake.counts.puts).toBe(2)
  expect(await (await store.copy(`${a}/`))?.text()).toBe('2')
})

test('a file that is too large is refused with the reason', async () => {
  const { store, fake } = setUp()
  const reason = await store.keep(`${a}/film`, file('x'.repeat(KEEP_FILE_BYTES + 1)))
  expect(reason).toBe('it is over 5 MB')
  expect(fake.urls()).toEqual([])
})

test('when there are too many files the least recently used goes first', async () => {
  const { store, fake, clock } = setUp()
  for (let i = 0; i < KEEP_FILES; i++) {
    await clock.pass(1)
    await store.keep(`${a}/${i}`, file('x'))
  }
  await clock.pass(1)
  await store.copy(`${a}/0`)
  await store.keep(`${a}/more`, file('x'))
  expect(fake.urls()).toHaveLength(KEEP_FILES)
  expect(fake.urls()).toContain(`${a}/0`)
  expect(fake.urls()).not.toContain(`${a}/1`)
})

test('when they are too large together as well, but named ones stay', async () => {
  const { store, fake, clock } = setUp()
  const large = 'x'.repeat(KEEP_FILE_BYTES)
  await store.keep(`${a}/named`, file(large), true)
  for (let i = 0; i < KEEP_BYTES / KEEP_FILE_BYTES; i++) {
    await clock.pass(1)
    await store.keep(`${a}/${i}`, file(large))
  }
  expect(fake.urls()).toContain(`${a}/named`)
  expect(fake.urls()).not.toContain(`${a}/0`)
  expect(fake.urls()).toHaveLength(10)
})

test('a path is found whatever its query, the one without first', async () => {
  const { store } = setUp()
  await store.keep(`${a}/board?page=2`, file('two'))
  expect(await (await store.copyOfPath(`${a}/board?page=3`))?.text()).toBe('two')
  await store.keep(`${a}/board`, file('plain'))
  expect(await (await store.copyOfPath(`${a}/board?page=3`))?.text()).toBe('plain')
  expect(await store.copy(`${a}/board?page=3`)).toBeUndefined()
})

test('what the browser deleted is kept anew', async () => {
  const { store, fake } = setUp()
  const same = () => file('1', { etag: '"1"' })
  await store.keep(`${a}/app.js`, same())
  fake.clear()
  await store.check()
  expect(store.has(`${a}/app.js`, same())).toBe(false)
  await store.keep(`${a}/app.js`, same())
  expect(fake.urls()).toEqual([`${a}/app.js`])
})

test('what an earlier life kept is known', async () => {
  const { store, open } = setUp()
  expect(await store.holds(`${a}/app.js`)).toBe(false)
  await store.keep(`${a}/app.js`, file('1'))
  expect(await open().holds(`${a}/app.js`)).toBe(true)
})
