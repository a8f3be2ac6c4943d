import { afterAll, beforeAll, test } from 'vitest'
import { openBrowser, type TestBrowser, until } from '../support/browser.ts'
import { createFarm, type Farm } from '../support/farm.ts'

let browser: TestBrowser
let farm: Farm
beforeAll(async () => {
  farm = await createFarm({ servers: 2, files: 'examples/03-own-worker' })
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.close()
  await farm?.close()
})

test('example 03: the app’s own route and ours live in one worker', async () => {
  const page = await browser.newPage(`${farm.primary.url}/`)
  const says = (id: string, text: string) =>
    until(page, (id, text) => document.querySelector<HTMLOutputElement>(id)?.value === text, id, text)
  await says('#server', '0')
  await says('#hello', 'nothing yet: load the page once more')
  await page.reload()
  await says('#hello', 'Hello from your own worker.')
  await farm.primary.kill()
  await page.evaluate(() => document.getElementById('again')!.click())
  await says('#server', '1')
  await page.reload()
  await says('#hello', 'Hello from your own worker.')
  await says('#server', '1')
})
