import type { FromServer, Hit, Page, ServerSetup, ToServer } from './farm-messages.ts'
import { type ChildScript, type FarmProcess, startProcess } from './farm-process.ts'
import type { Fault, FaultName, FaultOptions } from './faults.ts'
import { fillQueue } from './full-queue.ts'

/** One server of the farm, as its parent sees it. */
export interface FarmServer {
  readonly index: number
  /** Origin, without a slash at its end. */
  readonly url: string
  readonly port: number
  /** Of the process that holds the port now, or held it last. */
  readonly pid: number
  /** What is wrong with it now; `{ name: 'ok' }`: nothing. */
  readonly state: Fault
  /** Brings a fault about, whatever came before; resolves when it is in force. */
  fault(name: FaultName, options?: FaultOptions): Promise<void>
  /**
   * Makes the server healthy on the same port.
   *
   * After `hang` and `black-hole` it is a new process; with `resume: true` the old one goes on and first
   * does what reached it meanwhile.
   */
  restore(options?: { resume?: boolean }): Promise<void>
  /** SIGKILL; the same as `fault('kill')`. */
  kill(): Promise<void>
  /** Every request it saw since the start or the last `clear`, oldest first. A stopped process sees none. */
  log(): Hit[]
  clear(): void
  /** A fixed answer for one path of this server alone, or `undefined` for none. */
  setPage(path: string, page: Page | undefined): Promise<void>
}

export interface ServerHandle extends FarmServer {
  /** Resolves when everything that the server had to tell has arrived. */
  settle(): Promise<void>
  setList(list: string): Promise<void>
  end(): Promise<void>
}

/** What one server shares with the farm. */
export interface Shared {
  applied(server: number, id: string, at: number): void
  board(write: unknown): unknown
  changed(server: FarmServer): void
}

/** Starts one server. Rejects with the code `EADDRINUSE` when its port is taken. */
export async function startServer(script: ChildScript, setup: ServerSetup, shared: Shared): Promise<ServerHandle> {
  let log: Hit[] = []
  let state: Fault = { name: 'ok' }
  let letGo: (() => void) | undefined
  let stopped = false
  let turns = 0
  const waiting = new Map<number, () => void>()
  // Faults follow each other in the order they were asked for.
  let last: Promise<unknown> = Promise.resolve()

  let current: FarmProcess
  const first = await startProcess(script, setup, message => hear(message))
  current = first
  const port = first.port
  const own = { ...setup, port }

  function hear(message: FromServer): void {
    if (message.type === 'hit') log.push(message.hit)
    else if (message.type === 'applied') shared.applied(setup.index, message.id, message.at)
    else if (message.type === 'board') {
      current.send({ type: 'board', board: shared.board(message.write), turn: message.turn })
    } else if (message.type === 'answered') {
      const hit = log.findLast(({ number, endedAt }) => number === message.number && endedAt === undefined)
      if (hit) Object.assign(hit, { status: message.status, endedAt: message.endedAt, aborted: message.aborted })
    } else if (message.type === 'done') {
      waiting.get(message.turn)?.()
      waiting.delete(message.turn)
    }
  }

  type Order = ToServer extends infer One ? (One extends { turn: number } ? Omit<One, 'turn'> : never) : never

  /** Tells the process something and waits until it has heard it; nothing to wait for when it cannot hear. */
  function order(message: Order): Promise<void> {
    if (stopped || !current.alive()) return Promise.resolve()
    const turn = ++turns
    return new Promise(resolve => {
      waiting.set(turn, resolve)
      current.send({ ...message, turn } as ToServer)
    })
  }

  async function end(): Promise<void> {
    letGo?.()
    letGo = undefined
    await current.kill()
    for (const resolve of waiting.values()) resolve()
    waiting.clear()
    for (const hit of log) if (hit.endedAt === undefined) Object.assign(hit, { endedAt: Date.now(), aborted: true })
    stopped = false
  }

  async function start(more: Partial<ServerSetup>): Promise<void> {
    await end()
    current = await again(() => startProcess(script, { ...own, ...more }, hear))
  }

  async function bring(fault: Fault): Promise<void> {
    if (fault.name === 'kill') await end()
    else {
      const stops = fault.name === 'hang' || fault.name === 'black-hole'
      // Going on stopped spares the moment of refused connections that a new process costs.
      const goesOn = stopped ? stops && state.name === 'hang' : current.alive()
      if (!goesOn) await start({ fault: stops ? { name: 'ok' } : fault })
      else if (!stops) await order({ type: 'fault', fault })
      if (stops) {
        current.stop()
        stopped = true
      }
      if (fault.name === 'black-hole') letGo = await fillQueue(setup.host, port)
    }
    state = fault
    shared.changed(server)
  }

  function inTurn<T>(what: () => Promise<T>): Promise<T> {
    const result = last.then(what)
    last = result.catch(() => {})
    return result
  }

  const server: ServerHandle = {
    index: setup.index,
    url: `http://${setup.host.includes(':') ? `[${setup.host}]` : setup.host}:${port}`,
    port,
    get pid() {
      return current.pid
    },
    get state() {
      return state
    },
    fault: (name, options = {}) => inTurn(() => bring({ ...options, name })),
    restore: ({ resume = false } = {}) =>
      inTurn(async () => {
        if (resume && stopped) {
          letGo?.()
          letGo = undefined
          current.wake()
          stopped = false
        }
        await bring({ name: 'ok' })
      }),
    kill: () => inTurn(() => bring({ name: 'kill' })),
    log: () => [...log],
    clear() {
      log = []
    },
    settle: () => order({ type: 'settle' }),
    setList(list) {
      own.list = list
      return order({ type: 'list', list })
    },
    setPage(path, page) {
      if (page) own.pages = { ...own.pages, [path]: page }
      else own.pages = Object.fromEntries(Object.entries(own.pages).filter(([name]) => name !== path))
      return order({ type: 'page', path, page: page ?? null })
    },
    end: () => inTurn(end),
  }
  return server
}

/** A port may take a moment to come free after its process has ended. */
async function again<T>(start: () => Promise<T>, triesLeft = 20): Promise<T> {
  try {
    return await start()
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE' || triesLeft === 0) throw error
    await new Promise(resolve => setTimeout(resolve, 50))
    return again(start, triesLeft - 1)
  }
}
