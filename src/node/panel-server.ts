import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Farm } from './farm.ts'
import { type FaultName, faultNames } from './faults.ts'
import { json, type Reply, send, text } from './replies.ts'
import { findFile } from './static-files.ts'

/** Names of the demo's servers, in the order of the farm. */
export const serverNames = ['Server A', 'Server B', 'Server C', 'Server D']

export interface Panel {
  url: string
  /** Tells every open panel how the servers are. */
  announce(): void
  close(): Promise<void>
}

export interface PanelOptions {
  host: string
  port: number
  /** Where the panel's files are. */
  files: string[]
  farm: Farm
}

/**
 * Serves the demo's panel and carries out its orders, in this process: the panel must
 * go on whatever happens to the servers that it breaks.
 *
 * @throws when the port is taken: `code` is `EADDRINUSE`, `port` the one.
 */
export async function startPanel({ host, port, files, farm }: PanelOptions): Promise<Panel> {
  const open = new Set<ServerResponse>()
  const url = `http://${host}:${port}`
  const states = () => `data: ${JSON.stringify(farm.servers.map(({ state }) => state.name))}\n\n`

  const server = createServer((request, response) => {
    if (request.url === '/events' && isOwn(request, port)) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
      response.write(states())
      open.add(response)
      response.on('close', () => open.delete(response))
      return
    }
    answer(request).then(
      reply => send(reply, response),
      error => send(text(String(error), 500), response),
    )
  })

  async function answer(request: IncomingMessage): Promise<Reply> {
    const { pathname } = new URL(request.url ?? '/', url)
    if (!isOwn(request, port)) return text('Only the panel itself may ask here.\n', 403)
    if (pathname === '/config.json') return json({ servers: farm.servers.map(describe) })
    if (pathname === '/fault') return order(request)
    return (
      (await findFile(files, pathname, request.headers['if-none-match'])) ?? text(`There is no ${pathname}.\n`, 404)
    )
  }

  async function order(request: IncomingMessage): Promise<Reply> {
    if (request.method !== 'POST') return text('POST here.\n', 405)
    const { server, name } = (await readJson(request)) as { server?: number; name?: FaultName }
    const target = farm.servers[server ?? -1]
    if (!target) return text(`server must be 0 to ${farm.servers.length - 1}.\n`, 400)
    if (!name || !faultNames.includes(name)) return text(`name must be one of ${faultNames.join(', ')}.\n`, 400)
    if (name === 'ok') await target.restore()
    else await target.fault(name)
    return json({ state: target.state.name })
  }

  await listen(server, host, port)
  return {
    url,
    announce() {
      for (const response of open) response.write(states())
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function describe({ url, port, index }: Farm['servers'][number]) {
  return { name: serverNames[index], url, port, primary: index === 0 }
}

/** Other pages, and names that lead to loopback by a trick of DNS, have no business here. */
function isOwn({ headers }: IncomingMessage, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`]
  if (!hosts.includes(headers.host ?? '')) return false
  return headers.origin === undefined || hosts.includes(headers.origin.replace('http://', ''))
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let body = ''
  for await (const chunk of request) if (body.length < 10_000) body += chunk
  try {
    return JSON.parse(body) ?? {}
  } catch {
    return {}
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(Object.assign(error, { port })))
    server.listen(port, host, resolve)
  })
}
