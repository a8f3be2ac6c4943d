import type { Frame, Page } from 'puppeteer'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Demo, startDemo } from '../../src/node/demo.ts'
import { controlled, openChromium, type TestBrowser, until } from '../support/browser.ts'
import { bundledServer } from '../support/farm.ts'

let browser: TestBrowser<Page>
let demo: Demo
let panel: Page

beforeAll(async () => {
  demo = await start()
  browser = await openChromium()
})
afterAll(async () => {
  await browser?.close()
  await demo?.close()
})
beforeEach(async () => {
  await Promise.all(demo.farm.servers.map(server => server.restore()))
  await panel?.close()
  panel = await browser.newPage(`${demo.panel.url}/`)
})

/** On five free ports, drawn at random; 8080 to 8084 belong to a demo that somebody watches. */
async function start(triesLeft = 10): Promise<Demo> {
  const port = 12_000 + Math.floor(Math.random() * 7_000)
  try {
    return await startDemo({ port, script: { file: await bundledServer() }, dist: 'dist' })
  } catch (error) {
    if (triesLeft === 0 || !/is taken/.test(String(error))) throw error
    return start(triesLeft - 1)
  }
}

const requests = () => panel.$eval('#requests', node => Number(node.textContent?.replace(',', '')))

async function readsOn(count = 15): Promise<void> {
  const seen = await requests()
  await until(panel, wanted => Number(document.getElementById('requests')?.textContent) >= wanted, seen + count)
}

async function appFrame(): Promise<Frame> {
  const frame = await (await panel.$('#app'))?.contentFrame()
  if (!frame) throw new Error('the panel has no app')
  return frame
}

test('the app goes on without a failure when server A is killed by its button, and loads again', async () => {
  await readsOn()
  await controlled((await appFrame()) as unknown as Page)
  await panel.click('fieldset:nth-of-type(1) .faults button:nth-of-type(1)')
  await until(panel, () => document.querySelector('.state')?.textContent === 'killed: refuses connections')
  expect(demo.farm.primary.state.name).toBe('kill')
  await readsOn()
  await panel.click('#reload')
  await panel.waitForFunction(() => document.querySelector('#legend')?.textContent?.includes('Failed: 0'))
  const frame = await appFrame()
  await frame.waitForSelector('#notes li')
  await readsOn()
  expect(await panel.$eval('#failed', node => node.textContent)).toBe('0')
})

test('a note that is posted in the app is on the board of every server', async () => {
  const frame = await appFrame()
  await frame.waitForSelector('#notes li')
  await frame.type('#note', 'hello <b>there</b>')
  await frame.focus('#note')
  await panel.keyboard.press('Enter')
  await frame.waitForFunction(() => document.getElementById('outcome')?.textContent === 'Posted.')
  expect(await frame.$eval('#notes li', row => row.firstChild?.textContent)).toBe('hello <b>there</b>')
  const { board } = await (await fetch(`${demo.farm.servers[2]?.url}/api/board`)).json()
  expect(board.at(-1)).toMatchObject({ text: 'hello <b>there</b>' })
})

test('the panel works by keyboard and says aloud what changed', async () => {
  await readsOn(1)
  await panel.focus('fieldset:nth-of-type(2) .faults button:nth-of-type(4)')
  await panel.keyboard.press('Enter')
  await until(panel, () => document.getElementById('said')?.textContent === 'Server B: answers 503')
  const pressed = await panel.$eval(':focus', button => [button.textContent, button.getAttribute('aria-pressed')])
  expect(pressed).toEqual(['503', 'true'])
  for (let i = 0; i < 5; i++) await panel.keyboard.press('Tab')
  await panel.keyboard.press('Enter')
  await until(panel, () => document.getElementById('said')?.textContent === 'Server B: healthy')
})

test.each([
  [390, 'light'],
  [1280, 'dark'],
])('nothing sticks out at a width of %i, %s', async (width, value) => {
  await panel.setViewport({ width, height: 844 })
  await panel.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }])
  await readsOn(1)
  expect(await panel.evaluate(() => document.documentElement.scrollWidth)).toBe(width)
  const frame = await appFrame()
  expect(await frame.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
})

test('only the panel gives orders', async () => {
  const order = (headers: Record<string, string>) =>
    fetch(`${demo.panel.url}/fault`, { method: 'POST', headers, body: '{"server":0,"name":"kill"}' })
  expect((await order({ origin: demo.farm.primary.url })).status).toBe(403)
  expect((await order({ origin: 'https://evil.example' })).status).toBe(403)
  expect(demo.farm.primary.state.name).toBe('ok')
})

test('a taken port is named, with the option that chooses another', async () => {
  const { port } = demo.farm.servers[1]!
  const other = startDemo({ port, script: { file: await bundledServer() }, dist: 'dist' })
  await expect(other).rejects.toThrow(/^Port \d+ is taken\. Choose another base port by --port/)
})
