import { beforeEach, expect, test } from 'vitest'
import { controlled, type Tab, until } from '../../support/browser.ts'
import { fetchIn, neverPage, pageFarm, tagPage } from '../page-helpers.ts'
import { restoreAll, shared } from '../worker-helpers.ts'

/** Answers that are not held: over HTTP/1.1 six that go on keep a probe from leaving. And those that should be. */

const here = shared(() =>
  pageFarm({ pages: { '/': tagPage(), '/alone': tagPage({ 'data-worker': '/never.js' }), '/never.js': neverPage } }),
)
beforeEach(() => restoreAll(here.farm))

async function readMany(page: Tab): Promise<void> {
  for (let n = 0; n < 8; n++) expect(await fetchIn(page, `/api/echo/${n}?size=300000`)).toMatchObject({ server: 0 })
}

test.each(['/', '/alone'])('large answers that are over hide no hung server, on %s', async path => {
  const { page } = await here.browser.newClient(here.farm.primary.url + path)
  if (path === '/') await controlled(page)
  await until(page, () => window.outrigger?.status.list)
  await readMany(page)
  await here.farm.primary.fault('hang')
  const { ok, server } = await fetchIn(page, '/api/echo/9?size=300000')
  expect({ ok, moved: server !== 0 }).toEqual({ ok: true, moved: true })
  // It was told by its silence, not by a race lost after 2 s.
  const state = await page.evaluate(
    () => window.outrigger?.status.servers.find(({ url }) => url === `${location.origin}/`)?.state,
  )
  expect(state).toBe('dead')
  await page.browserContext().close()
})

test.each(['/', '/alone'])('half of an answer of unknown length is none, on %s', async path => {
  const { page } = await here.browser.newClient(here.farm.primary.url + path)
  if (path === '/') await controlled(page)
  await until(page, () => window.outrigger?.status.list)
  expect(await fetchIn(page, '/api/echo/1?chunked')).toMatchObject({ ok: true, server: 0 })
  await here.farm.primary.fault('stall')
  const { ok, server } = await fetchIn(page, '/api/echo/2?chunked')
  expect({ ok, moved: server !== 0 }).toEqual({ ok: true, moved: true })
  await page.browserContext().close()
})
