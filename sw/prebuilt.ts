import { createFailover } from '../src/core/failover.ts'
import { CORE } from '../src/core/messages.ts'
import { settingNames, settingsFromQuery } from '../src/core/settings.ts'
import { listen } from './listen.ts'
import { scriptUrl } from './own-url.ts'
import { checkOptions, type OutriggerOptions } from './settings.ts'
import { type OutriggerWorker, startWorker } from './worker.ts'

declare const self: ServiceWorkerGlobalScope & { outrigger(options: OutriggerOptions): OutriggerWorker }

/**
 * The file people copy. As a worker of its own it starts by itself, by the query of its
 * URL, keeps all that the page loads, and takes over at once. By `importScripts` in
 * another worker it only brings `self.outrigger`; with a query it starts there too, but
 * leaves claiming and waiting to that worker.
 */
function start(own: URL): void {
  const alone = own.href === self.location.href
  if (!alone && !settingNames.some(name => own.searchParams.has(name))) return
  const control = { claim: alone, skipWaiting: alone }
  try {
    const shell = alone ? 'auto' : false
    startWorker(checkOptions({ shell, ...settingsFromQuery(own.searchParams), ...control } as OutriggerOptions), listen)
  } catch (error) {
    // The page works on as if we were not there, and is told why.
    const { message } = error as Error
    console.error(message)
    startWorker({ shell: false, ...control }, listen, message)
  }
}

if ('ServiceWorkerGlobalScope' in self) {
  self.outrigger = options => startWorker(checkOptions(options), listen)
  start(new URL(scriptUrl(new Error().stack, self.location.href)))
} else {
  // In a page it is only the core's second home: see `page/late-script`.
  Object.assign(self, { [CORE]: createFailover })
}
