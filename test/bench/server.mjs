// A fast server for the benches in a process of its own: two origins' worth of small answers, large bodies and files.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'

const small = JSON.stringify({ text: 'x'.repeat(1_000) })
const block = Buffer.alloc(1_000_000, 'outrigger ')
const files = JSON.parse(process.env.BENCH_FILES)
const types = { js: 'text/javascript', html: 'text/html; charset=utf-8', json: 'application/json' }
const texts = new Map()
const ports = []

function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url, 'http://server.invalid')
  const cors = request.headers.origin ? { 'access-control-allow-origin': request.headers.origin } : {}
  const send = (status, type, body) =>
    response
      .writeHead(status, { 'content-type': type, 'content-length': body.length, 'cache-control': 'no-store', ...cors })
      .end(request.method === 'HEAD' ? undefined : body)
  if (pathname === '/api/read' || pathname === '/healthz') return send(200, types.json, small)
  if (pathname === '/api/body') return sendBlocks(response, Number(searchParams.get('mb')), cors)
  if (pathname === '/servers.json') {
    const own = request.headers.host
    const servers = [...ports].map(port => `http://127.0.0.1:${port}/`).sort(url => (url.includes(own) ? -1 : 1))
    return send(200, types.json, JSON.stringify({ servers: servers.map(url => ({ url })), probe: '/healthz' }))
  }
  const text = texts.get(pathname) ?? files[pathname]
  if (text === undefined) return send(404, 'text/plain', 'There is no such file.\n')
  const body = text.startsWith('<') ? Buffer.from(text) : readFileSync(text)
  send(200, types[pathname.split('.').pop()] ?? types.html, body)
}

function sendBlocks(response, megabytes, headers) {
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': megabytes * block.length,
    'cache-control': 'no-store',
    ...headers,
  })
  let left = megabytes
  const more = () => {
    while (left > 0) {
      left--
      if (!response.write(block)) return response.once('drain', more)
    }
    response.end()
  }
  more()
}

const count = Number(process.env.BENCH_PORTS)
for (let n = 0; n < count; n++) {
  const server = createServer(answer)
  server.keepAliveTimeout = 120_000
  server.listen(0, '127.0.0.1', () => {
    ports.push(server.address().port)
    if (ports.length === count) process.send({ ports })
  })
}
process.on('disconnect', () => process.exit())
