import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * The shell leads a process group of its own and ends the whole of it when its input does: also when this process is
 * killed, since then the pipe breaks.
 */
const script =
  '"$@" & pid=$!; cat >/dev/null; trap "" TERM; kill -TERM 0; (sleep 5; kill -KILL 0) & wait $pid; kill -KILL 0'

export interface Leashed {
  readonly child: ChildProcess
  /** Ends it with everything it started. */
  end(): Promise<void>
}

/** Starts a program that ends, with all its children, at the latest with this process. `pipe`: its file 3 is read here. */
export function onLeash(command: string, args: readonly string[], env: NodeJS.ProcessEnv, pipe = false): Leashed {
  const child = spawn('sh', ['-c', script, 'sh', command, ...args], {
    detached: true,
    env,
    stdio: ['pipe', 'ignore', 'ignore', pipe ? 'pipe' : 'ignore'],
  })
  return {
    child,
    async end() {
      if (child.exitCode !== null || child.signalCode) return
      const ended = once(child, 'exit')
      child.stdin!.end()
      await ended
    },
  }
}
