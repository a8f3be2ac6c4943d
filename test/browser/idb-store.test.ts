import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build, type Rollup } from 'vite'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Client, openBrowser, type Tab, type TestBrowser } from '../support/browser.ts'

let server: Server
let browser: TestBrowser
let page: Tab
let context: Client
let url: string

beforeAll(async () => {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry: 'src/adapters/idb-store.ts', formats: ['es'], fileName: 'store' } },
  })
  const script = ([result].flat() as Rollup.RollupOutput[])[0]!.output[0].code
  server = createServer((request, response) => {
    const isScript = request.url === '/store.js'
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' })
    response.end(isScript ? script : '<!doctype html><title>store</title>')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  server.closeAllConnections()
  server.close()
})
beforeEach(async () => {
  const client = await browser.newClient(url)
  page = client.page
  context = client.context
})

/** Runs in the page with the module at hand. */
function run<T>(body: string): Promise<T> {
  return page.evaluate(
    `import('/store.js').then(async ({ createStore: create }) => { const createStore = (...rest) => create('outrigger:test', ...rest); ${body} })`,
  ) as Promise<T>
}

/** What another client of the database sees. */
const raw = `const raw = key => new Promise((resolve, reject) => {
  const opening = indexedDB.open('outrigger:test')
  opening.onerror = () => reject(opening.error)
  // It may be the first to open it.
  opening.onupgradeneeded = () => opening.result.createObjectStore('state')
  opening.onsuccess = () => {
    const database = opening.result
    const getting = database.transaction('state').objectStore('state').get(key)
    getting.onsuccess = () => { database.close(); resolve(getting.result) }
  }
})
const until = async test => { while (!(await test())) await new Promise(resolve => setTimeout(resolve, 10)) }
`

test('what was saved is there in the next life, each record by itself', async () => {
  await run(`${raw}
    createStore('memory').save({ a: 1 })
    createStore('list').save({ b: 2 })
    await until(async () => (await raw('memory')) && (await raw('list')))`)
  await page.reload()
  expect(await run(`return [await createStore('memory').load(), await createStore('list').load()]`)).toEqual([
    { a: 1 },
    { b: 2 },
  ])
})

test('what comes while one save is being written goes out as one more, the last one wins', async () => {
  const [puts, kept] = await run<[number, number]>(`${raw}
    let puts = 0
    const put = IDBObjectStore.prototype.put
    IDBObjectStore.prototype.put = function (...args) { puts++; return put.apply(this, args) }
    const store = createStore('memory')
    store.save(0)
    await until(() => puts === 1)
    for (let i = 1; i <= 100; i++) store.save(i)
    await until(async () => (await raw('memory')) === 100)
    return [puts, await raw('memory')]`)
  expect(puts).toBe(2)
  expect(kept).toBe(100)
})

test('the database can be deleted while another tab has it open, and comes back', async () => {
  const other = await context.newPage()
  await other.goto(url)
  await run(`${raw} createStore('memory').save(1); await until(() => raw('memory'))`)
  await other.evaluate(`import('/store.js').then(({ deleteStores }) => deleteStores('outrigger:test'))`)
  expect(await page.evaluate('indexedDB.databases().then(all => all.length)')).toBe(0)
  await run(
    `${raw} const store = createStore('memory'); store.save(2); await until(async () => (await raw('memory')) === 2)`,
  )
  await other.close()
})

test('what two workers of one origin save stays apart', async () => {
  const found = await page.evaluate(`import('/store.js').then(async ({ createStore }) => {
    ${raw}
    createStore('outrigger:shop', 'memory').save('of the shop')
    await until(async () => (await indexedDB.databases()).some(({ name }) => name === 'outrigger:shop'))
    return (await raw('memory')) ?? 'nothing'
  })`)
  expect(found).toBe('nothing')
})

test('in a sandboxed frame memory is all there is', async () => {
  const result = await page.evaluate(async () => {
    const source = await (await fetch('/store.js')).text()
    const frame = document.createElement('iframe')
    frame.setAttribute('sandbox', 'allow-scripts')
    frame.srcdoc = `<script type="module">
      const { createStore } = await import(URL.createObjectURL(new Blob([${JSON.stringify(source).replaceAll('<', '\\u003c')}], { type: 'text/javascript' })))
      const problems = []
      const store = createStore('outrigger:test', 'memory', message => problems.push(message))
      const first = await store.load()
      store.save(7)
      parent.postMessage([typeof first, await store.load(), problems.length], '*')
    </script>`
    const answer = new Promise(resolve => addEventListener('message', event => resolve(event.data), { once: true }))
    document.body.append(frame)
    return answer
  })
  expect(result).toEqual(['undefined', 7, 1])
})
