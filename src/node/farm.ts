import type { LedgerEntry, Page, ServerSetup } from './farm-messages.ts'
import type { ChildScript } from './farm-process.ts'
import { type FarmServer, type ServerHandle, startServer } from './farm-server.ts'

export type { Hit, LedgerEntry, Page } from './farm-messages.ts'
export type { ChildScript } from './farm-process.ts'
export type { FarmServer } from './farm-server.ts'
export { type Fault, type FaultName, type FaultOptions, faultNames } from './faults.ts'

export interface FarmOptions {
  /** How many. Default 4; the first is the primary. */
  servers?: number
  /** One port for each server. Default: free ones, drawn at random. */
  ports?: number[]
  /** Default `127.0.0.1`. */
  host?: string
  /** Folders served as static files, searched in turn. Default: none. */
  files?: string | string[]
  /** Which servers have the files. Default: the primary alone. */
  filesOn?: 'primary' | 'all'
  /** Answers can be read across origins. Default true. */
  cors?: boolean
  /** … with cookies too. Default false. */
  corsCredentials?: boolean
  /** Every answer closes its connection. Default false. */
  close?: boolean
  /**
   * Fields of `/servers.json` beside `servers`, or its whole text. Default: the servers in order,
   * `/healthz` as probe and every server's `/servers.json` as source.
   */
  list?: Record<string, unknown> | string
  /** Fixed answers by path, on every server. */
  pages?: Record<string, Page>
  /** Called after every fault and restore. */
  onChange?: (server: FarmServer) => void
  /** Called for every write that a server carried out. */
  onApplied?: (entry: LedgerEntry) => void
  /** What is run as a server. */
  script: ChildScript
}

/** Servers with faults to order, each a process of its own. */
export interface Farm {
  servers: FarmServer[]
  /** Origin of the first server. */
  primary: FarmServer
  /** Every write that any server carried out, in order; kept here, so it survives its server. */
  ledger(): LedgerEntry[]
  /** What is on the board that all servers share: everything POSTed to `/api/board`. */
  board: unknown[]
  /** Resolves when every living server has told all it had to tell: then logs and ledger are complete. */
  settled(): Promise<void>
  /** Another `/servers.json` on every server: extra fields, or the whole text. */
  setList(list: Record<string, unknown> | string): Promise<void>
  /** A fixed answer for one path on every server, or `undefined` for none. */
  setPage(path: string, page: Page | undefined): Promise<void>
  /** Ends every process. */
  close(): Promise<void>
}

/** Most entries kept on the board; older ones are forgotten. */
const boardSize = 50

/** Outside the range from which kernels draw outgoing ports, so that a killed server finds its port free again. */
const firstPort = 20_000
const portRange = 12_000

/**
 * Starts servers on loopback, each in its own process.
 *
 * @throws when one of `ports` is taken: `code` is `EADDRINUSE`, `port` the one.
 */
export async function createFarm(options: FarmOptions): Promise<Farm> {
  const { servers: count = options.ports?.length ?? 4, host = '127.0.0.1', script } = options
  const files = [options.files ?? []].flat()
  const ledger: LedgerEntry[] = []
  const board: unknown[] = []
  const handles: ServerHandle[] = []
  const shared = {
    applied(server: number, id: string, at: number) {
      const entry = { id, server, at }
      ledger.push(entry)
      options.onApplied?.(entry)
    },
    board(write: unknown) {
      if (write !== undefined) board.push(write)
      if (board.length > boardSize) board.splice(0, board.length - boardSize)
      return board
    },
    changed: (server: FarmServer) => options.onChange?.(server),
  }
  const listText = (list: FarmOptions['list']) =>
    typeof list === 'string'
      ? list
      : JSON.stringify({ ...defaultList(handles.map(({ url }) => url)), ...list }, null, 2)

  async function start(index: number): Promise<ServerHandle> {
    const setup: Omit<ServerSetup, 'port'> = {
      index,
      host,
      files: index === 0 || options.filesOn === 'all' ? files : [],
      cors: options.cors ?? true,
      corsCredentials: options.corsCredentials ?? false,
      close: options.close ?? false,
      list: '{}',
      pages: { ...options.pages },
      fault: { name: 'ok' },
    }
    const port = options.ports?.[index]
    if (port !== undefined) return startServer(script, { ...setup, port }, shared)
    return onFreePort(free => startServer(script, { ...setup, port: free }, shared))
  }

  const started = await Promise.allSettled(Array.from({ length: count }, (_, index) => start(index)))
  for (const result of started) if (result.status === 'fulfilled') handles.push(result.value)
  const failed = started.find(result => result.status === 'rejected')
  if (failed) {
    await Promise.all(handles.map(handle => handle.end()))
    throw failed.reason
  }
  const setList = async (list: FarmOptions['list']) => {
    await Promise.all(handles.map(handle => handle.setList(listText(list))))
  }
  await setList(options.list)
  return {
    servers: handles,
    primary: handles[0]!,
    ledger: () => [...ledger],
    board,
    settled: async () => {
      await Promise.all(handles.map(handle => handle.settle()))
    },
    setList,
    setPage: async (path, page) => {
      await Promise.all(handles.map(handle => handle.setPage(path, page)))
    },
    close: async () => {
      await Promise.all(handles.map(handle => handle.end()))
    },
  }
}

function defaultList(urls: string[]) {
  return {
    servers: urls.map(url => ({ url: `${url}/` })),
    probe: '/healthz',
    sources: urls.map(url => `${url}/servers.json`),
  }
}

async function onFreePort<T>(start: (port: number) => Promise<T>, triesLeft = 20): Promise<T> {
  try {
    return await start(firstPort + Math.floor(Math.random() * portRange))
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE' || triesLeft === 0) throw error
    return onFreePort(start, triesLeft - 1)
  }
}
