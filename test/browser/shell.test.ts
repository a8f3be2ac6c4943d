import { describe, expect, test } from 'vitest'
import { controlled, engineName, needing, stopAllWorkers } from '../support/browser.ts'
import { full, slack } from '../support/full.ts'
import { tagPage } from './page-helpers.ts'
import {
  answeredBy,
  appFarm,
  appPage,
  fresh,
  install,
  kept,
  looks,
  notingWorker,
  openApp,
  openKept,
  query,
  statusOf,
  untilKept,
  whole,
} from './worker-helpers.ts'

const here = fresh(appFarm)

const url = (path: string) => here.farm.primary.url + path

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const deaths = full ? (['kill', 'hang', 'black-hole', '503', 'reset'] as const) : (['hang', '503'] as const)

describe.each(deaths)('with the primary gone by %s', fault => {
  test('reload, new tab, another query and another page of the app work', async () => {
    const page = await openKept(here.browser, here.farm)
    await here.farm.primary.fault(fault)
    const firstMs = await timed(() => page.reload())
    expect(await looks(page)).toEqual(whole('home'))
    expect(firstMs).toBeLessThan(2_000 * slack)
    await page.goto(url('/?page=2'))
    expect(await looks(page)).toEqual(whole('home'))
    await page.goto(url('/board/7'))
    expect(await looks(page)).toEqual(whole('home'))
    const other = await page.browserContext().newPage()
    const otherMs = await timed(() => other.goto(url('/')))
    expect(await looks(other)).toEqual(whole('home'))
    expect(otherMs).toBeLessThan(1_000 * slack)
    await page.browserContext().close()
  })

  needing('stop workers')('a reload works after the worker was stopped', async () => {
    const page = await openKept(here.browser, here.farm)
    await here.farm.primary.fault(fault)
    await stopAllWorkers(page)
    await page.reload()
    expect(await looks(page)).toEqual(whole('home'))
    await page.browserContext().close()
  })
})

needing('restart')('the page works after the browser was started again with the primary dead', async () => {
  const page = await here.browser.newPage(url('/'))
  await install(page, `/outrigger-sw.js?${query}`)
  await page.reload()
  await untilKept(page, '/', '/app.js', '/style.css')
  await here.farm.primary.kill()
  await here.browser.restart()
  const again = await here.browser.newPage(url('/'))
  expect(await looks(again)).toEqual(whole('home'))
  expect(await again.evaluate(async () => (await fetch('/api/echo/1')).status)).toBe(200)
  await again.close()
})

test('what the first visit loaded before the worker was there is kept too', async () => {
  const tag = tagPage({}, '<link rel="stylesheet" href="/style.css"><script defer src="/app.js"></script>')
  await here.farm.setPage('/first', { ...tag, body: `${tag.body}<img src="/drawn" alt=""><p>x</p>` })
  const headers = { 'content-type': 'image/svg+xml', 'cache-control': 'no-store' }
  await here.farm.setPage('/drawn', { body: '<svg xmlns="http://www.w3.org/2000/svg"/>', headers })
  const { page, context } = await here.browser.newClient(url('/first'))
  await controlled(page)
  await untilKept(page, '/first', '/app.js', '/style.css', '/outrigger.js')
  // A picture that is drawn anew may be another: that is asked for by nobody but the page. The rest is what the browser
  // has kept, though WebKit's workers ask for it again.
  const asked = here.farm.primary.log().map(({ path }) => path)
  const once = engineName === 'webkit' ? ['/drawn'] : ['/first', '/drawn', '/app.js', '/style.css']
  expect(asked.filter(path => once.includes(path)).sort()).toEqual([...once].sort())
  await here.farm.primary.kill()
  await page.reload()
  expect(await looks(page)).toEqual(whole('page'))
  await context.close()
})

// On a machine that is busy enough its probe may be late, and then it counts as silent.
test('a slow primary is waited for, and its answer is the page', { retry: 2 }, async () => {
  const page = await openKept(here.browser, here.farm)
  await here.farm.setPage('/', { ...appPage('newer'), ms: 5_000 })
  expect(await timed(() => page.reload())).toBeGreaterThan(4_900)
  expect(await looks(page)).toEqual(whole('newer'))
  await page.browserContext().close()
})

test('a changed page is seen at the next load, and is what is kept from then on', async () => {
  const page = await openKept(here.browser, here.farm)
  await here.farm.setPage('/', appPage('newer'))
  await page.reload()
  expect(await looks(page)).toEqual(whole('newer'))
  await page.waitForFunction(
    async () => {
      const [name] = await caches.keys()
      return (await (await (await caches.open(name!)).match('/'))?.text())?.includes('newer')
    },
    { polling: 50, timeout: 10_000 },
  )
  await here.farm.primary.kill()
  await page.reload()
  expect(await looks(page)).toEqual(whole('newer'))
  await page.browserContext().close()
})

test('pages of one person are not kept, and the status says why', async () => {
  await here.farm.close()
  // With CORS every answer of the farm has a `Vary` of its own.
  here.farm = await appFarm({ cors: false })
  const page = await openKept(here.browser, here.farm)
  await here.farm.setPage('/private', {
    ...appPage('p'),
    headers: { 'content-type': 'text/html', 'cache-control': 'private' },
  })
  await here.farm.setPage('/none', {
    ...appPage('p'),
    headers: { 'content-type': 'text/html', 'cache-control': 'no-store' },
  })
  await here.farm.setPage('/vary', { ...appPage('p'), headers: { 'content-type': 'text/html', vary: 'Cookie' } })
  await here.farm.setPage('/cookie', {
    ...appPage('p'),
    headers: { 'content-type': 'text/html', 'set-cookie': 'session=1; Path=/' },
    ms: 300,
  })
  for (const path of ['/private', '/none', '/vary', '/cookie', '/missing']) await page.goto(url(path))
  await page.goto(url('/'))
  expect(await kept(page)).toEqual(['/', '/app.js', '/style.css'])
  const told = (await statusOf(page)).problems.filter(({ code }) => code === 'shell').map(({ message }) => message)
  const line = (path: string, why: string) => `${path} is not kept: ${why}`
  expect(told).toEqual([
    line('/private', 'its Cache-Control says private'),
    line('/none', 'its Cache-Control says no-store'),
    line('/vary', 'its Vary says cookie'),
    line('/cookie', 'it sets a cookie'),
    line('/missing', 'it answered 404'),
  ])
  await here.farm.primary.kill()
  // The page of somebody is not shown; the app’s own page above it is.
  await page.goto(url('/private'))
  expect(await looks(page)).toEqual(whole('home'))
  await page.browserContext().close()
})

test('an address that led on to the page does so with the primary dead', async () => {
  const to = (location: string) => ({ status: 302, headers: { location } })
  await here.farm.setPage('/old', to('/older'))
  await here.farm.setPage('/older', to('/app/'))
  await here.farm.setPage('/app/', appPage('app'))
  const page = await openKept(here.browser, here.farm)
  await page.goto(url('/old'))
  await untilKept(page, '/app/', '/old', '/older')
  await here.farm.primary.kill()
  await page.goto(url('/old'))
  expect(await looks(page)).toEqual(whole('app'))
  expect(page.url()).toBe(url('/app/'))
  await page.browserContext().close()
})

test('a list of paths is kept when the worker is installed, named ones on the author’s word', async () => {
  const own = { 'content-type': 'text/html', 'cache-control': 'private' }
  await here.farm.setPage('/', { ...appPage('home'), headers: own })
  const page = await openApp(here.browser, here.farm, '/', `${query}&shell=/ /app.js`)
  await untilKept(page, '/', '/app.js')
  await page.reload()
  expect(await kept(page)).toEqual(['/', '/app.js'])
  await here.farm.primary.kill()
  await page.reload()
  expect(await looks(page)).toMatchObject({ title: 'home', app: 'runs' })
  await page.browserContext().close()
})

test('shell=false keeps and answers nothing', async () => {
  await here.farm.setPage('/outrigger-sw.js', await notingWorker())
  const page = await openApp(here.browser, here.farm, '/', `${query}&shell=false`)
  await page.reload()
  expect(await answeredBy(page)).toEqual([])
  expect(await kept(page)).toEqual([])
  await page.browserContext().close()
})

test('a page of Vite’s development server is left alone', async () => {
  await here.farm.setPage('/', appPage('dev', '<script type="module" src="/@vite/client"></script>'))
  await here.farm.setPage('/@vite/client', { body: '', headers: { 'content-type': 'text/javascript' } })
  await here.farm.setPage('/outrigger-sw.js', await notingWorker())
  const page = await openApp(here.browser, here.farm)
  await page.reload()
  const before = (await answeredBy(page)).length
  await page.reload()
  expect((await answeredBy(page)).slice(before)).toEqual([])
  expect(await kept(page)).toEqual([])
  await page.browserContext().close()
})

test('a worker whose caches were cleared works on and keeps anew', async () => {
  const page = await openKept(here.browser, here.farm)
  await page.evaluate(async () => {
    for (const name of await caches.keys()) await caches.delete(name)
  })
  await page.reload()
  expect(await looks(page)).toEqual(whole('home'))
  await page.reload()
  await untilKept(page, '/', '/app.js', '/style.css')
  await here.farm.primary.kill()
  await page.reload()
  expect(await looks(page)).toEqual(whole('home'))
  await page.browserContext().close()
})

test('the page on one origin and its API on another fail over each by itself', async () => {
  const api = `${here.farm.servers[1]!.url}/api/`
  const servers = here.farm.servers.slice(1).map(({ url }) => url)
  const page = await openKept(here.browser, here.farm, '/', `servers=${servers.join(' ')}&api=${api}&probe=/healthz`)
  const ask = () => page.evaluate(async url => (await (await fetch(url)).json()).server, `${api}echo/1`)
  expect(await ask()).toBe(1)
  await here.farm.primary.fault('hang')
  await page.reload()
  expect(await looks(page)).toEqual(whole('home'))
  expect(await ask()).toBe(1)
  await here.farm.servers[1]!.kill()
  expect(await ask()).toBe(2)
  await page.reload()
  expect(await looks(page)).toEqual(whole('home'))
  await page.browserContext().close()
})
