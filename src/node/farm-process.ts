import { type ChildProcess, fork } from 'node:child_process'
import { type FromServer, SETUP, type ServerSetup, type ToServer } from './farm-messages.ts'

/** What is run as a server: a script that calls `runFaultyServer`. */
export interface ChildScript {
  file: string
  args?: string[]
}

/** One child process of the farm. */
export interface FarmProcess {
  readonly pid: number
  /** False once it has ended. */
  alive(): boolean
  stop(): void
  /** Ends it by SIGKILL and waits for its end. */
  kill(): Promise<void>
  /** Wakes a stopped process. */
  wake(): void
  send(message: ToServer): void
}

const running = new Set<ChildProcess>()

// A stopped child cannot notice that its parent is gone.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Starts a server and waits until it listens.
 *
 * @throws when its port is taken; the error has the code `EADDRINUSE`.
 */
export async function startProcess(
  script: ChildScript,
  setup: ServerSetup,
  hear: (message: FromServer) => void,
): Promise<FarmProcess & { port: number }> {
  const child = fork(script.file, script.args ?? [], {
    execArgv: [],
    env: { ...process.env, [SETUP]: JSON.stringify(setup) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  // The channel closes after its last message is read, which may be later than the end of the process.
  const ended = Promise.all([
    new Promise(resolve => child.once('exit', resolve)),
    new Promise(resolve => child.once('disconnect', resolve)),
  ]).then(() => {})
  const kill = () => {
    child.kill('SIGKILL')
    return ended
  }
  const port = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    void ended.then(() => reject(new Error(`the server for port ${setup.port} ended before it listened`)))
    child.on('message', (message: FromServer) => {
      if (message.type === 'listening') resolve(message.port)
      else if (message.type === 'taken') {
        const reason = Object.assign(new Error(message.reason), { code: 'EADDRINUSE', port: message.port })
        reject(reason)
        void kill()
      } else hear(message)
    })
  })
  return {
    port,
    pid: child.pid!,
    alive: () => child.exitCode === null && child.signalCode === null,
    stop: () => child.kill('SIGSTOP'),
    wake: () => child.kill('SIGCONT'),
    kill,
    // A message to a process that is just ending has nobody to reach.
    send: message => child.connected && child.send(message, () => {}),
  }
}
