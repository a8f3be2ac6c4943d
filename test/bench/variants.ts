import { type ChildProcess, fork } from 'node:child_process'

/** What the same requests go through: nothing, the least worker that answers, ours. */
export const variants = ['no worker', 'pass-through', 'Outrigger'] as const
export type Variant = (typeof variants)[number]

/** The same, and the least worker that remembers something: what a start is compared with. */
export const startVariants = ['no worker', 'pass-through', 'with memory', 'Outrigger'] as const
export type StartVariant = (typeof startVariants)[number]

/** The page of each variant, on an origin of its own, and the server behind all of them. */
export interface Variants {
  url(variant: StartVariant): string
  server: ChildProcess
  close(): void
}

const page = (title: string, tag: string, worker: string) =>
  `<!doctype html><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,">${tag}<script src="/measure.js"${worker}></script>`

const tag = '<script src="/outrigger.js" data-servers="/servers.json" data-api="/api/"></script>'

const files = {
  '/no-worker': page('no worker', '', ''),
  '/pass-through': page('pass-through', '', ' data-worker="/pass-through-sw.js"'),
  '/with-memory': page('with memory', '', ' data-worker="/remembering-sw.js"'),
  '/outrigger': page('Outrigger', tag, ''),
  '/measure.js': 'test/bench/pages/measure.js',
  '/pass-through-sw.js': 'test/bench/pages/pass-through-sw.js',
  '/remembering-sw.js': 'test/bench/pages/remembering-sw.js',
  '/outrigger.js': 'dist/outrigger.js',
  '/outrigger-cover.js': 'dist/outrigger-cover.js',
  '/outrigger-core.js': 'dist/outrigger-core.js',
  '/outrigger-sw.js': 'dist/outrigger-sw.js',
}

const paths: Record<StartVariant, string> = {
  'no worker': '/no-worker',
  'pass-through': '/pass-through',
  'with memory': '/with-memory',
  Outrigger: '/outrigger',
}

/** Starts the server. An origin each, so that one tab can show one after the other in engines that have no separate profiles. */
export async function openVariants(): Promise<Variants> {
  const env = { ...process.env, BENCH_FILES: JSON.stringify(files), BENCH_PORTS: String(startVariants.length + 1) }
  const server = fork('test/bench/server.mjs', { env, execArgv: [] })
  const ports = await new Promise<number[]>((resolve, reject) => {
    server.once('message', message => resolve((message as { ports: number[] }).ports))
    server.once('exit', () => reject(new Error('the server of the bench ended')))
  })
  return {
    server,
    url: variant => `http://127.0.0.1:${ports[startVariants.indexOf(variant)]}${paths[variant]}`,
    close: () => server.disconnect(),
  }
}
