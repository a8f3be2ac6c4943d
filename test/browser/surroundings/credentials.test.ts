import { beforeEach, expect, test } from 'vitest'
import type { Tab } from '../../support/browser.ts'
import { appFarm, openApp, restoreAll, shared, statusOf, unhurried } from '../worker-helpers.ts'

/** What a person is known by goes to no mirror that the list does not name for it, and nobody is logged out by one. */

const here = shared(() => appFarm({ corsCredentials: true }))
beforeEach(() => restoreAll(here.farm))

type Credentials = 'omit' | 'headers' | 'include'

/** The app with its primary dead; the second mirror is asked after the first. */
async function open(first: Credentials, second: Credentials): Promise<Tab> {
  const [primary, mirror, other] = here.farm.servers.map(({ url }) => url)
  await here.farm.setList({
    ...unhurried,
    servers: [{ url: primary }, { url: mirror, credentials: first }, { url: other, credentials: second, tier: 1 }],
  })
  const page = await openApp(here.browser, here.farm)
  await page.evaluate(() => {
    // biome-ignore lint/suspicious/noDocumentCookie: the engines have nothing else in common.
    document.cookie = 'session=7; path=/'
  })
  await here.farm.primary.fault('reset')
  for (const server of here.farm.servers) server.clear()
  return page
}

interface Read {
  status: number
  server?: number
  headers?: Record<string, string>
}

function read(page: Tab, url: string, headers: Record<string, string> = {}): Promise<Read> {
  return page.evaluate(
    async (url, headers) => {
      try {
        const response = await fetch(url, { headers })
        return { ...(await response.json()), status: response.status }
      } catch {
        return { status: 0 }
      }
    },
    url,
    headers,
  )
}

const askedOf = (index: number) =>
  here.farm.servers[index]!.log().flatMap(({ path }) => (path.startsWith('/api/') ? path : []))

const bearer = { authorization: 'Bearer 7' }

test('a request with Authorization passes over the mirror that may not have it', async () => {
  const page = await open('omit', 'headers')
  const { status, server, headers } = await read(page, '/api/echo/1?headers', bearer)
  expect([status, server, headers?.authorization, headers?.cookie]).toEqual([200, 2, bearer.authorization, undefined])
  expect(askedOf(1)).toEqual([])
  expect(await read(page, '/api/echo/2')).toMatchObject({ status: 200, server: 1 })
  await page.browserContext().close()
})

test('where no mirror may have it the request fails, and the status names the line to add', async () => {
  const page = await open('omit', 'omit')
  expect(await read(page, '/api/echo/1', bearer)).toEqual({ status: 0 })
  const { failures, problems } = await statusOf(page)
  expect(failures.map(({ code }) => code)).toEqual(['credentials'])
  const message = `${here.farm.servers[1]!.url}/ gets no Authorization: add "credentials": "headers" to it in the list`
  expect(problems).toContainEqual({ code: 'credentials', message })
  expect([...askedOf(1), ...askedOf(2)]).toEqual([])
  await page.browserContext().close()
})

test('a same-site mirror with "include" keeps the session', async () => {
  const page = await open('include', 'omit')
  const { server, headers } = await read(page, '/api/echo/1?headers')
  expect([server, headers?.cookie]).toEqual([1, 'session=7'])
  await page.browserContext().close()
})

test('a mirror that was sent no cookie, and says 401, logs nobody out', async () => {
  const page = await open('omit', 'include')
  const json = { 'content-type': 'application/json' }
  await here.farm.servers[1]!.setPage('/api/me', { status: 401, body: '{"server":1}', headers: json })
  await here.farm.servers[2]!.setPage('/api/me', { body: '{"server":2}', headers: json })
  expect(await read(page, '/api/me')).toEqual({ status: 200, server: 2 })
  expect(askedOf(1)).toEqual(['/api/me'])
  await page.browserContext().close()
})

test('one that was sent it is believed', async () => {
  const page = await open('include', 'include')
  const json = { 'content-type': 'application/json' }
  await here.farm.setPage('/api/me', { status: 401, body: '{"server":1}', headers: json })
  expect(await read(page, '/api/me')).toEqual({ status: 401, server: 1 })
  await page.browserContext().close()
})
