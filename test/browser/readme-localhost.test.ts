import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { can, controlled, listen, openBrowser, type Tab, type TestBrowser, until } from '../support/browser.ts'

/** README's recipe for localhost, taken from there word for word; only the ports are free ones. */

let browser: TestBrowser
let folder: string
let ports: number[]
const servers: ChildProcess[] = []

beforeAll(async () => {
  ports = await Promise.all([freePort(), freePort()])
  folder = await mkdtemp(join(tmpdir(), 'readme-'))
  await mkdir(join(folder, 'public'))
  for (const name of ['', '-cover', '-core', '-sw'].map(part => `outrigger${part}.js`))
    await copyFile(join('dist', name), join(folder, 'public', name))
  for (const name of ['public/index.html', 'server.mjs', 'cors.mjs'])
    await writeFile(join(folder, name), await block(name))
  for (const port of ports) servers.push(spawn(process.execPath, ['server.mjs', `${port}`], { cwd: folder }))
  await vi.waitFor(() => Promise.all(ports.map(port => ask(port))), 10_000)
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  for (const server of servers) server.kill()
  await rm(folder, { recursive: true, force: true })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

/** The block of code that README brings after the last line that ends in a colon and names the file. */
async function block(name: string): Promise<string> {
  const readme = await readFile('README.md', 'utf8')
  const blocks = [...readme.matchAll(/\n(.*):\n\n```\w+\n([\s\S]*?)```/g)]
  const [, , code] = blocks.findLast(([, line]) => line!.includes(`\`${name}\``)) ?? []
  expect(code, name).toBeTruthy()
  return code!.replaceAll('8001', `${ports[0]}`).replaceAll('8002', `${ports[1]}`)
}

const page = () => `http://localhost:${ports[0]}`
const ask = (port: number, method = 'GET', headers = {}) =>
  fetch(`http://localhost:${port}/api/time`, { method, headers: { Origin: page(), ...headers } })

test('the second server lets the page read its answers, and answers preflights', async () => {
  const { headers } = await ask(ports[1]!)
  expect(headers.get('access-control-allow-origin')).toBe(page())
  const asked = await ask(ports[1]!, 'OPTIONS', { 'Access-Control-Request-Method': 'POST' })
  expect(asked.status).toBe(204)
  expect(asked.headers.get('access-control-allow-methods')).toContain('POST')
  const other = await ask(ports[1]!, 'GET', { Origin: 'http://localhost:1' })
  expect(other.headers.get('access-control-allow-origin')).toBe(null)
  expect(other.headers.get('vary')).toBe('Origin')
})

test('the page asks the second server when the first one is ended, also after a reload', async () => {
  const { page: tab } = await browser.newClient()
  const heard = listen(tab)
  await tab.goto(`${page()}/`)
  await controlled(tab)
  await expectAnswerFrom(tab, ports[0]!)
  if (can('tell what the console says')) expect(heard.errors).toEqual([])
  await until(tab, async () =>
    (await Promise.all(['/', '/outrigger.js'].map(path => caches.match(path)))).every(Boolean),
  )

  servers[0]!.kill('SIGINT')
  await once(servers[0]!, 'exit')
  await expectAnswerFrom(tab, ports[1]!)
  await tab.reload()
  await expectAnswerFrom(tab, ports[1]!)
})

async function expectAnswerFrom(tab: Tab, port: number): Promise<void> {
  await tab.evaluate(() => {
    document.querySelector('output')!.textContent = ''
    document.querySelector('button')!.click()
  })
  await until(tab, words => document.querySelector('output')?.textContent?.endsWith(words), `from ${port}`)
}
