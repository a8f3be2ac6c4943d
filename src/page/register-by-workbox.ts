import { Workbox } from 'workbox-window'
import type { RegisterWorker } from './enrol.ts'

export const registerByWorkbox: RegisterWorker = ({ worker, scope, type = 'classic' }, active) => {
  const workbox = new Workbox(worker.href, { scope: scope.href, updateViaCache: 'none', type })
  workbox.addEventListener('activated', active)
  return workbox.register({ immediate: true })
}
