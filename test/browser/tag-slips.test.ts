import { expect, test } from 'vitest'
import type { Problem, Status } from '../../src/core/status.ts'
import { can, listen, until } from '../support/browser.ts'
import { fetchIn, pageFarm, tagPage } from './page-helpers.ts'
import { fresh } from './worker-helpers.ts'

/** Slips in the script tag: what the author reads, and that the page works on. */

const here = fresh(pageFarm)

/** What a page with these attributes says of `code`, and all that its console said. */
async function slip(attributes: Record<string, string>, code: string, path = '/') {
  await here.farm.setPage(path, tagPage(attributes))
  const { page } = await here.browser.newClient()
  const heard = listen(page)
  await page.goto(here.farm.primary.url + path)
  expect(await fetchIn(page, '/api/echo/1')).toMatchObject({ ok: true, server: 0 })
  const problems = await page.evaluate(problemsOnceToldOf, code)
  const said = problems.filter(problem => problem.code === code).map(({ message }) => message)
  return { page, heard, problems, said }
}

/** Runs in the page. Waiting and reading are one: a worker that takes over is silent until it has read the list itself. */
function problemsOnceToldOf(code: string): Promise<Problem[]> {
  return new Promise(resolve => {
    const look = ({ problems }: Status) => problems.some(problem => problem.code === code) && resolve(problems)
    window.outrigger!.subscribe(look)
    look(window.outrigger!.status)
  })
}

test('commas between servers', async () => {
  const { said, problems } = await slip({ 'data-servers': here.farm.servers.map(({ url }) => url).join(',') }, 'option')
  expect(said).toHaveLength(1)
  expect(said[0]).toContain(': separate by spaces, not by commas')
  expect(problems).toHaveLength(1)
})

test('a worker on another host', async () => {
  const elsewhere = `${here.farm.servers[1]!.url}/outrigger-sw.js`
  const { said } = await slip({ 'data-worker': elsewhere }, 'worker')
  expect(said).toHaveLength(1)
  expect(said[0]).toContain(`the worker ${elsewhere} is on another origin than the page`)
  expect(said[0]).toContain(`to ${here.farm.primary.url}/outrigger-sw.js and name it with data-worker`)
})

test('a scope on another host', async () => {
  const elsewhere = `${here.farm.servers[1]!.url}/app/`
  const { said } = await slip({ 'data-scope': elsewhere }, 'worker')
  expect(said).toHaveLength(1)
  expect(said[0]).toContain(`the scope ${elsewhere} is on another origin than the page`)
})

test('a scope that does not hold the page', async () => {
  const { said, page } = await slip({ 'data-scope': '/app/' }, 'no-worker')
  expect(said).toHaveLength(1)
  expect(said[0]).toContain("this page, /, is outside of the worker's scope, /app/")
  await until(page, () => window.outrigger?.status.servers.length === 3)
  await here.farm.primary.kill()
  expect(await fetchIn(page, '/api/echo/2')).toMatchObject({ ok: true })
})

test('a scope that holds the page is no slip', async () => {
  await here.farm.setPage('/app/', tagPage({ 'data-scope': '/app/' }))
  const { page } = await here.browser.newClient(`${here.farm.primary.url}/app/`)
  await until(page, () => window.outrigger?.status.worker === 'active')
  expect(await page.evaluate(() => window.outrigger!.status.problems)).toEqual([])
})

test('the same server twice is no server for page or worker, and both say so', async () => {
  const { url } = here.farm.primary
  const { problems } = await slip({ 'data-servers': `${url} ${url}` }, 'option')
  const told = JSON.stringify(problems)
  expect(told).toContain('nor can the worker with these settings')
  expect(told).not.toContain('only the worker can')
})

test('a password in the tag is told of and shown nowhere', async () => {
  const secret = here.farm.servers.map(({ url }) => url.replace('//', '//ann:secret@')).join(' ')
  const { page, heard, said } = await slip({ 'data-servers': secret }, 'option')
  expect(said[0]).toContain('data-servers="http://…@')
  expect(said[0]).toContain('must hold no user name or password')
  const kept = await page.evaluate(async () => [
    JSON.stringify(window.outrigger!.status),
    (await navigator.serviceWorker.getRegistrations()).map(one => JSON.stringify(one.active?.scriptURL)).join(),
  ])
  expect(kept.join()).not.toContain('secret')
  if (can('tell what the console says')) expect(heard.errors.join('\n')).toContain('data-servers')
  expect(heard.errors.join('\n')).not.toContain('secret')
})

test('a password in the server list is shown nowhere in the page', async () => {
  await here.farm.setPage('/servers.json', {
    body: JSON.stringify(['http://ann:secret@a.example']),
    headers: { 'content-type': 'application/json' },
  })
  const { said } = await slip({}, 'list')
  expect(said.join()).toContain('"http://…@a.example"')
  expect(said.join()).not.toContain('secret')
})
