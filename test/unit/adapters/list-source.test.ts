import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createListSource } from '../../../src/adapters/list-source.ts'

const open: (() => void)[] = []
afterEach(() => {
  for (const close of open.splice(0)) close()
})

async function serve(reply: RequestListener): Promise<string> {
  const server = createServer(reply)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/servers.json`
}

test('a list is asked for anew and told where it came from in the end', async () => {
  let cacheControl: string | undefined
  const url = await serve((request, response) => {
    cacheControl = request.headers['cache-control']
    if (request.url === '/servers.json') response.writeHead(302, { location: '/there' }).end()
    else response.end('["ü"]')
  })
  expect(await createListSource()(url)).toEqual({ text: '["ü"]', status: 200, url: new URL('/there', url).href })
  expect(cacheControl).toMatch(/max-age=0|no-cache/)
})

test('any status is an answer', async () => {
  const url = await serve((_, response) => response.writeHead(404).end('none'))
  expect(await createListSource()(url)).toMatchObject({ status: 404, text: 'none' })
})

test('over 1 MB it is not read to its end', async () => {
  const url = await serve((_, response) => {
    const more = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536)));
      response.once('drain', more)
    }
    more()
  })
  await expect(createListSource()(url)).rejects.toThrow('is over 1 MB')
})

test('silence ends after the time given, before or amid the body', async () => {
  const silent = await serve(() => {})
  const stalled = await serve((_, response) => response.write('['))
  for (const url of [silent, stalled]) {
    await expect(createListSource({ timeoutMs: 50 })(url)).rejects.toThrow('gave no whole answer in time')
  }
})

test('a server that refuses could not be reached', async () => {
  const fails = async () => Promise.reject(new TypeError('fetch failed'))
  await expect(createListSource({ fetch: fails })('http://a.example')).rejects.toThrow('could not be reached')
})
