import type { FromWorker } from '../src/core/messages.ts'
import type { Clock } from '../src/core/ports.ts'
import type { Status } from '../src/core/status.ts'

/** Between two broadcasts; milliseconds. */
const SPACING_MS = 100

export interface News {
  /** Something changed: all tabs hear of it within a tenth of a second. */
  changed(): void
  /** Tells the status at once. */
  tell(): void
  /** Tells that everything of ours is gone. */
  stopped(): void
}

/** Tells every tab of one scope the status, on the channel of this name. `startId` differs with every start of the worker. */
export function createNews(name: string, startId: string, status: () => Status, clock: Clock): News {
  let channel: BroadcastChannel | undefined
  // A start has other things to do: what it changes is told a moment later.
  let toldAt = clock.now()
  let planned = false

  function post(message: FromWorker) {
    channel ??= new BroadcastChannel(name)
    channel.postMessage(message)
  }

  function tell() {
    planned = false
    toldAt = clock.now()
    post({ outrigger: 'status', status: status(), startId })
  }

  return {
    tell,
    changed() {
      if (planned) return
      planned = true
      clock.after(toldAt + SPACING_MS - clock.now(), () => planned && tell())
    },
    stopped: () => post({ outrigger: 'stopped' }),
  }
}
