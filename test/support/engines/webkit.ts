import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findWebkit } from './find.mjs'
import { type Leashed, onLeash } from './leash.ts'
import type { Client, Engine, Tab, TestBrowser } from './tab.ts'
import { openSession, ready } from './webdriver.ts'
import { webkitTab } from './webkit-tab.ts'

export const webkit: Engine = {
  open,
  cannot: ['stop workers', 'restart', 'load past the worker', 'tell what the console says'],
  stopAllWorkers: lacks('stop workers'),
  hardReload: lacks('load past the worker'),
  listen: () => ({ lines: [], errors: [] }),
}

function lacks(what: string) {
  return async () => {
    throw new Error(`WebKit’s driver cannot ${what}`)
  }
}

/** WebKitGTK's MiniBrowser on a screen of its own that nobody sees. */
async function open(): Promise<TestBrowser> {
  const screen = await openScreen()
  const clients = new Set<Client>()
  const openClient = async () => {
    const client = await startClient(screen.display)
    clients.add(client)
    return client
  }
  let own: Promise<Owned> | undefined
  const openTab = async (client: Client, url?: string): Promise<Tab> => {
    const page = await client.newPage()
    if (url) await page.goto(url)
    return page
  }
  return {
    async newPage(url) {
      own ??= openClient()
      return openTab(await own, url)
    },
    async newClient(url) {
      const context = await openClient()
      return { context, page: await openTab(context, url) }
    },
    async closeClients() {
      const mine = await own
      const others = [...clients].filter(client => client !== mine)
      for (const client of others) clients.delete(client)
      await Promise.all(others.map(client => client.close()))
    },
    async version() {
      own ??= openClient()
      return (await own).version
    },
    restart: lacks('restart'),
    async close() {
      await Promise.all([...clients].map(client => client.close()))
      await screen.end()
    },
  }
}

/** Xvfb, once it takes clients: it finds a free display by itself and tells it in its file 3. */
async function openScreen(): Promise<Leashed & { display: string }> {
  const args = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp']
  const leashed = onLeash(findWebkit().xvfb, args, process.env, true)
  const told = leashed.child.stdio[3] as NodeJS.ReadableStream
  const display = await new Promise<string>(resolve => told.once('data', data => resolve(`:${String(data).trim()}`)))
  return { ...leashed, display }
}

interface Owned extends Client {
  version: string
}

/** A driver holds one session, and a session is one client: nothing of it is kept. */
async function startClient(display: string): Promise<Owned> {
  const { driver, miniBrowser } = findWebkit()
  const home = await mkdtemp(join(tmpdir(), 'outrigger-webkit-'))
  const port = await freePort()
  const leashed = onLeash(driver, [`--port=${port}`], environment(display, home))
  const address = `http://127.0.0.1:${port}`
  const endAll = async () => {
    await leashed.end()
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    await ready(address, 30_000)
    const { session, first, version } = await openSession(address, {
      browserName: 'MiniBrowser',
      // The tabs wait themselves, so that a page that hangs does not hold up the others.
      pageLoadStrategy: 'none',
      'webkitgtk:browserOptions': { binary: miniBrowser, args: ['--automation'] },
    })
    let unused: string | undefined = first
    let closing: Promise<void> | undefined
    const client: Owned = {
      version: `WebKitGTK/${version}`,
      async newPage() {
        // A window, not a tab: what is hidden has slow timers.
        const opened = () =>
          session.at(first, send => send<{ handle: string }>('POST', '/window/new', { type: 'window' }))
        const handle = unused ?? (await opened()).handle
        unused = undefined
        return webkitTab(session, handle, client)
      },
      close() {
        closing ??= session.end().then(endAll)
        return closing
      },
    }
    return client
  } catch (error) {
    await endAll()
    throw error
  }
}

function environment(display: string, home: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DISPLAY: display,
    HOME: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_CONFIG_HOME: join(home, 'config'),
    // It has no desktop to speak to.
    NO_AT_BRIDGE: '1',
    GTK_A11Y: 'none',
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  await new Promise(closed => server.close(closed))
  return port
}
