import { expect, test } from 'vitest'
import { controlled, until } from '../../support/browser.ts'
import { full } from '../../support/full.ts'
import { pageFarm, tagPage } from '../page-helpers.ts'
import { restoreAll, shared } from '../worker-helpers.ts'

/** Engines end a worker that has nothing but an open stream: Firefox after 30 s. */

const pieces = full ? 90 : 8
const everyMs = full ? 1_000 : 250
const bytes = pieces * 100

const here = shared(() => pageFarm({ pages: { '/': tagPage() } }))

type Streaming = { lengths: (number | string)[] }

test.each([
  ['the primary', false],
  ['a mirror', true],
])(
  `a chunked stream of ${(pieces * everyMs) / 1_000} s from %s arrives whole by fetch and by XHR`,
  async (_, dead) => {
    await restoreAll(here.farm)
    const { page } = await here.browser.newClient(`${here.farm.primary.url}/`)
    await controlled(page)
    await until(page, () => window.outrigger?.status.list)
    if (dead) await here.farm.primary.fault('reset')
    await page.evaluate(url => {
      const lengths: Streaming['lengths'] = []
      Object.assign(window, { lengths })
      fetch(url)
        .then(response => response.text())
        .then(
          text => lengths.push(text.length),
          error => lengths.push(String(error)),
        )
      const xhr = new XMLHttpRequest()
      xhr.open('GET', url)
      xhr.onloadend = () => lengths.push(xhr.responseText.length)
      xhr.send()
    }, `/api/drip?pieces=${pieces}&everyMs=${everyMs}&size=${bytes}`)
    await page.waitForFunction(() => (window as never as Streaming).lengths.length === 2, {
      polling: 200,
      timeout: pieces * everyMs + 30_000,
    })
    expect(await page.evaluate(() => (window as never as Streaming).lengths)).toEqual([bytes, bytes])
    await page.browserContext().close()
  },
  pieces * everyMs + 60_000,
)
