import type { Problem } from '../core/status.ts'
import type { Enrolled, Enrolment } from './enrol.ts'
import { explainWorkerFile, lookAt } from './worker-file.ts'

/** Where a page is, as `location` tells it. */
export type Place = Pick<Location, 'origin' | 'pathname'>

const FILE = 'node_modules/outrigger/dist/outrigger-sw.js'
const LEFT = 'The page covers its own requests; a reload with the server gone does not work.'

/** Why no worker of ours serves this page, in words that say what to do. */
export async function explain(found: Enrolled, enrolment: Enrolment, fetch: typeof window.fetch): Promise<Problem> {
  const { worker, scope } = enrolment
  if ('absent' in found) return { code: 'no-worker', message: `${absent()}. ${LEFT}` }
  if ('scope' in found) return { code: 'no-worker', message: explainOutside(scope, location) }
  if ('foreign' in found) return { code: 'foreign-worker', message: explainForeign(found.foreign, worker, scope.href) }
  const { error } = found
  const message =
    explainOrigin(worker, scope, location) ??
    explainWorkerFile(worker, scope, await lookAt(worker, fetch)) ??
    `the worker ${worker.href} did not register: ${error instanceof Error ? error.message : error}`
  return { code: 'worker', message }
}

function absent(): string {
  return window.isSecureContext
    ? 'this browser, or its private mode, has no service workers'
    : `pages from ${location.origin} get no service workers, only https: and localhost do`
}

/** A page that the registered worker never gets to see. */
export function explainOutside(scope: URL, { pathname }: Place): string {
  return `this page, ${pathname}, is outside of the worker's scope, ${scope.pathname}. ${LEFT} Copy ${FILE} to the root of the site (data-worker="/outrigger-sw.js"), or name a data-scope that holds the page.`
}

/** What no browser allows, however right the file is; `undefined`: nothing of the kind. */
export function explainOrigin(worker: URL, scope: URL, { origin }: Place): string | undefined {
  if (worker.origin !== origin)
    return `the worker ${worker.origin}${worker.pathname} is on another origin than the page: no browser allows that. Copy ${FILE} to ${origin}/outrigger-sw.js and name it with data-worker="/outrigger-sw.js".`
  if (scope.origin !== origin)
    return `the scope ${scope.origin}${scope.pathname} is on another origin than the page: a worker serves its own origin alone, ${origin}. Name a path there with data-scope, or leave it out.`
  return undefined
}

/** The line that joins us to a worker that is there already. */
export function explainForeign(theirs: string, ours: URL, scope: string): string {
  const { pathname } = new URL(theirs)
  return `another service worker, ${pathname}, serves ${scope} already, and is left alone. Add this line to it: importScripts('${ours.pathname}${ours.search}') and name it here: data-worker="${pathname}" (with register(): its first argument).`
}
