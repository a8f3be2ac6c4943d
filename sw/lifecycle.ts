import type { Keeper } from '../src/core/keeper.ts'
import type { Clock } from '../src/core/ports.ts'
import { atMost } from './at-most.ts'
import type { WorkerSettings } from './settings.ts'
import type { Shell } from './shell.ts'

declare const self: ServiceWorkerGlobalScope

/** A worker is not kept from being installed by a list that does not come. */
const LIST_MS = 3_000

/** … nor by files that do not: they are fetched on all the same. */
const SHELL_MS = 30_000

export interface LifecyclePorts {
  settings: Pick<WorkerSettings, 'claim' | 'skipWaiting'>
  keeper: Keeper | undefined
  shell: Shell | undefined
  clock: Clock
}

/** Installs with list and shell at hand, so that the first page under control is covered whole. */
export function addLifecycle({ settings, keeper, shell, clock }: LifecyclePorts): void {
  self.addEventListener('install', event => {
    if (settings.skipWaiting) void self.skipWaiting()
    const list = atMost(LIST_MS, keeper?.refresh(), clock)
    event.waitUntil(Promise.all([list, atMost(SHELL_MS, shell?.install(), clock)]))
  })

  self.addEventListener('activate', event => {
    event.waitUntil(
      Promise.all([
        settings.claim && self.clients.claim(),
        preload(shell !== undefined, settings.claim),
        shell?.tidy(),
      ]),
    )
  })
}

/** Without a shell nobody would use what the browser asks ahead; an app's own worker may have its own uses for it. */
async function preload(wanted: boolean, ours: boolean): Promise<void> {
  const { navigationPreload } = self.registration
  if (wanted || ours) await navigationPreload?.[wanted ? 'enable' : 'disable']().catch(() => {})
}
