import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { build, type Rollup } from 'vite'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openBrowser, type Tab, type TestBrowser } from '../support/browser.ts'
import { slack } from '../support/full.ts'

/** `outrigger/fetch` where its second chunk is late, or cannot be had. */

const scripts = new Map<string, string>()
/** What is not loaded statically. */
const late = new Set<string>()
/** What becomes of the chunk; those asked for while it hangs wait here. */
let chunk: 'ok' | 'hang' | 'gone' = 'ok'
const waiting: (() => void)[] = []
let primaryIsDown = false
let asked: string[] = []
/** How often a module was asked for that does not exist. */
let missed = 0
let primary: Server
let mirror: Server
let browser: TestBrowser
let page: Tab

const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const listen = (server: Server) => new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))

function release(): void {
  chunk = 'ok'
  for (const go of waiting.splice(0)) go()
}

function sendScript(path: string, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/javascript', 'cache-control': 'no-store' })
  response.end(scripts.get(path))
}

beforeAll(async () => {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, minify: false, lib: { entry: 'src/fetch.ts', formats: ['es'], fileName: 'fetch' } },
  })
  for (const file of ([result].flat() as Rollup.RollupOutput[])[0]!.output)
    if (file.type === 'chunk') {
      scripts.set(`/${file.fileName}`, file.code)
      for (const name of file.dynamicImports) late.add(`/${name}`)
    }
  primary = createServer((request, response) => {
    const path = request.url!
    if (path.startsWith('/api/') || path === '/healthz') {
      if (primaryIsDown) return request.socket.destroy()
      // The page of an earlier test may still be probing.
      if (path !== '/healthz') asked.push(`${request.method} ${path}`)
      return response.end('primary')
    }
    if (path === '/no-module.js') {
      missed++
      return response.writeHead(404).end()
    }
    if (!scripts.has(path)) return response.writeHead(200, { 'content-type': 'text/html' }).end('<title>fetch</title>')
    if (!late.has(path) || chunk === 'ok') return sendScript(path, response)
    if (chunk === 'gone') return response.writeHead(404).end()
    waiting.push(() => sendScript(path, response))
  })
  mirror = createServer((_, response) => {
    response.writeHead(200, { 'access-control-allow-origin': '*' }).end('mirror')
  })
  await Promise.all([listen(primary), listen(mirror)])
  browser = await openBrowser()
})
afterAll(async () => {
  await browser.close()
  for (const server of [primary, mirror]) {
    server.closeAllConnections()
    server.close()
  }
})
beforeEach(async () => {
  release()
  primaryIsDown = false
  asked = []
  missed = 0
  page = (await browser.newClient(`${urlOf(primary)}/`)).page
})

/** Runs in the page, where `failover` was made just now. */
function run<T>(body: string): Promise<T> {
  const options = JSON.stringify({ servers: [urlOf(primary), urlOf(mirror)], api: '/api/', probe: '/healthz' })
  return page.evaluate(`import('/fetch.js').then(async ({ createFailover }) => {
    const failover = (window.failover ??= createFailover(${options}))
    ${body}
  })`) as Promise<T>
}

test('the chunk is begun with the door and covers the first call', async () => {
  expect(late.size).toBe(1)
  primaryIsDown = true
  expect(await run(`return (await failover.fetch('/api/x')).text()`)).toBe('mirror')
  expect(await run('return failover.status.servers.length')).toBe(2)
})

test('while it does not come the first call waits for a second, later ones not at all', async () => {
  chunk = 'hang'
  const ms = await run<number[]>(`
    const timed = async () => {
      const startedAt = performance.now()
      await failover.fetch('/api/x', { method: 'POST', body: 'x' })
      return performance.now() - startedAt
    }
    return [await timed(), await timed()]`)
  expect(ms[0]).toBeGreaterThan(900)
  expect(ms[0]).toBeLessThan(2_000 * slack)
  expect(ms[1]).toBeLessThan(500 * slack)
  expect(asked).toEqual(['POST /api/x', 'POST /api/x'])
  expect(await run('return failover.status')).toMatchObject({ state: 'unknown', worker: 'none', servers: [] })
})

test('a read that failed before is asked again once it is there, a write is not', async () => {
  chunk = 'hang'
  primaryIsDown = true
  const write = await run(`return failover.fetch('/api/x', { method: 'POST', body: 'x' }).catch(({ name }) => name)`)
  expect(write).toBe('TypeError')
  const read = run(`return (await failover.fetch('/api/x')).text()`)
  setTimeout(release, 500)
  expect(await read).toBe('mirror')
})

test('an abort ends the wait for it', async () => {
  chunk = 'hang'
  const ms = await run(`
    const startedAt = performance.now()
    await failover.fetch('/api/x', { signal: AbortSignal.timeout(50) }).catch(() => {})
    return performance.now() - startedAt`)
  expect(ms).toBeLessThan(500 * slack)
  expect(asked).toEqual([])
})

/** Engines from before https://github.com/whatwg/html/pull/10327, as Chromium 150, ask for a module that failed no second time. */
async function failedModulesAreAskedForAgain(): Promise<boolean> {
  await page.evaluate(`(async () => {
    for (let i = 0; i < 2; i++) await import('/no-module.js').catch(() => {})
  })()`)
  expect(missed).toBeGreaterThan(0)
  return missed > 1
}

test('where it could not be had calls go out plainly, and it is asked for again where the engine does', async () => {
  const again = await failedModulesAreAskedForAgain()
  chunk = 'gone'
  expect(await run(`return (await failover.fetch('/api/x')).text()`)).toBe('primary')
  release()
  if (!again) {
    expect(await run(`return (await failover.fetch('/api/x')).text()`)).toBe('primary')
    return
  }
  primaryIsDown = true
  await page.waitForFunction(
    `failover.fetch('/api/x').then(answer => answer.text(), () => '').then(text => text === 'mirror')`,
  )
})
