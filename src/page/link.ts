import { type FromWorker, nameOf, type ToWorker } from '../core/messages.ts'
import type { Status } from '../core/status.ts'

/** How long the worker may take to say who it is. */
const ANSWER_MS = 1_000

/** The line between this page and the worker of one scope. */
export interface Link {
  /** The worker's last word. */
  status(): Status | undefined
  /** Changes each time the worker starts. */
  startId(): string | undefined
  post(message: ToWorker): void
  /** Asks the worker for its status; resolves when it came, or after a second, to whether it came. */
  ask(message?: ToWorker): Promise<boolean>
  close(): void
}

/**
 * Listens to the worker of `scope` and speaks to `worker()`. `changed` hears of every status, `stopped`
 * that some tab switched all off.
 */
export function createLink(
  scope: string,
  worker: () => ServiceWorker | null | undefined,
  changed: () => void,
  stopped: () => void,
): Link {
  let status: Status | undefined
  let startId: string | undefined
  const waiting = new Set<(came: boolean) => void>()
  const channel = typeof BroadcastChannel === 'function' ? new BroadcastChannel(nameOf(scope)) : undefined
  channel?.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
    if (data?.outrigger === 'stopped') return stopped()
    if (data?.outrigger !== 'status') return
    ;({ status, startId } = data)
    for (const tell of waiting) tell(true)
    changed()
  })

  const link: Link = {
    status: () => status,
    startId: () => startId,
    post(message) {
      worker()?.postMessage(message)
    },
    ask(message = { outrigger: 'status' }) {
      return new Promise(resolve => {
        const end = (came: boolean) => {
          waiting.delete(end)
          clearTimeout(timer)
          resolve(came)
        }
        const timer = setTimeout(end, ANSWER_MS, false)
        waiting.add(end)
        link.post(message)
      })
    },
    close: () => channel?.close(),
  }
  return link
}
