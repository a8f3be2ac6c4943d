import type { Failover } from '../src/core/failover.ts'
import type { Keeper } from '../src/core/keeper.ts'
import { isToWorker, type ToWorker } from '../src/core/messages.ts'
import type { Heard } from './heard.ts'
import type { News } from './news.ts'
import type { Shell } from './shell.ts'

declare const self: ServiceWorkerGlobalScope

export interface MessagePorts {
  failover: Pick<Failover, 'warm' | 'look' | 'restore' | 'status'>
  keeper: Keeper | undefined
  shell: Shell | undefined
  news: News
  heard: Heard
  origin: string
  waking(): Promise<void> | undefined
  stop(): Promise<void>
}

/** Hears what pages say. Messages without our word are the app's own. */
export function addMessages(ports: MessagePorts): void {
  self.addEventListener('message', event => {
    if (!isToWorker(event.data)) return
    const client = event.source as WindowClient | null
    if (client) ports.heard.note(client.id)
    const work = handle(event.data, client?.url, ports)
    if (work) event.waitUntil(work)
  })
}

function handle(message: ToWorker, page: string | undefined, ports: MessagePorts): Promise<void> | undefined {
  const { failover, keeper, shell, heard, origin, stop } = ports
  switch (message.outrigger) {
    case 'status':
      return tell(ports)
    case 'warm':
      return void failover.warm(message.url ?? failover.status().current ?? `${origin}/`, ports.news.tell)
    case 'look':
      return void failover.look(message.url, ports.news.tell)
    case 'sent':
      return void heard.note(message.id)
    case 'abort':
      return void heard.abort(message.id)
    case 'loaded':
      if (Array.isArray(message.urls))
        return shell?.adopt(
          message.urls.filter(url => URL.canParse(url)),
          page?.split('#')[0],
        )
      return undefined
    case 'update':
      return keeper?.refresh()
    case 'news':
      return void failover.restore(message.memory)
    case 'stop':
      return stop()
  }
  return undefined
}

/** A worker that has just started does not know its servers yet. */
async function tell({ news, waking }: MessagePorts): Promise<void> {
  await waking()
  news.tell()
}
