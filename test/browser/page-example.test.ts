import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { controlled, listen, openBrowser, type TestBrowser, until } from '../support/browser.ts'
import { createFarm, type Farm } from '../support/farm.ts'
import { script } from './page-helpers.ts'

const time = { body: '{"time":"12:00"}', headers: { 'content-type': 'application/json' } }
const shows = (id: string, text: string) => document.getElementById(id)!.textContent!.includes(text)

let browser: TestBrowser
let farm: Farm
beforeAll(async () => {
  browser = await openBrowser()
  const workbox = await readFile('node_modules/workbox-window/build/workbox-window.prod.mjs', 'utf8')
  farm = await createFarm({
    servers: 2,
    files: 'examples/02-module',
    pages: {
      '/api/time': time,
      '/favicon.ico': { status: 204 },
      '/workbox-window/build/workbox-window.prod.mjs': { body: workbox, headers: script },
    },
  })
})
afterAll(() => Promise.all([browser?.close(), farm?.close()]))

test('register refuses a password in its options, and does not show it', async () => {
  const { page } = await browser.newClient(`${farm.primary.url}/`)
  await page.evaluate(() => {
    const caller = document.createElement('script')
    caller.type = 'module'
    caller.text = `import { register } from '/index.js'
      register('/sw.js', { servers: 'https://ann:secret@a.example/' }).catch(({ message }) => { document.title = message })`
    document.head.append(caller)
  })
  await until(page, () => document.title.includes('option "servers" must hold no user name or password'))
  expect(await page.evaluate(() => document.title)).not.toContain('secret')
})

test('example 02 shows who answers, in every tab', async () => {
  const { page, context } = await browser.newClient()
  const heard = listen(page)
  await page.goto(`${farm.primary.url}/`)
  await controlled(page)
  const other = await context.newPage()
  await other.goto(`${farm.primary.url}/`)
  await controlled(other)
  for (const tab of [page, other]) {
    await until(tab, shows, 'time', '12:00')
    await until(tab, shows, 'state', farm.primary.url)
  }
  expect(heard.errors).toEqual([])

  await farm.primary.kill()
  await page.evaluate(() => document.getElementById('again')!.click())
  for (const tab of [page, other]) await until(tab, shows, 'state', `degraded · ${farm.servers[1]!.url}`)
  await until(page, shows, 'time', '12:00')
})
