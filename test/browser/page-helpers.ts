/// <reference path="../../src/global.ts" />
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { basename, join } from 'node:path'
import type { Tab } from '../support/browser.ts'
import type { Farm, FarmOptions, Page } from '../support/farm.ts'
import { createKeptFarm } from '../support/kept-farm.ts'

export const script = { 'content-type': 'text/javascript; charset=utf-8' }
const anyone = { 'access-control-allow-origin': '*' }
export const html = { 'content-type': 'text/html; charset=utf-8' }

/** A page that holds our script tag and nothing else. */
export function tagPage(attributes: Record<string, string> = {}, more = '', src = '/outrigger.js'): Page {
  const data = { 'data-servers': '/servers.json', 'data-api': '/api/', ...attributes }
  const text = Object.entries(data)
    .filter(([, value]) => value !== 'none')
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ')
  return {
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>page</title><link rel="icon" href="data:,"><script src="${src}" ${text}></script>${more}</head><body></body></html>`,
    headers: html,
  }
}

/** Servers that have `dist`, and a page at `/`. */
export function pageFarm(options: Omit<FarmOptions, 'script'> = {}): Promise<Farm> {
  return createKeptFarm({ servers: 3, files: [], ...options })
}

/** A file of `dist` as a farm's fixed answer, late by `ms`. */
export async function distPage(name: string, ms: number): Promise<Page> {
  return { body: await readFile(join('dist', name), 'utf8'), headers: script, ms }
}

/** Keeps the worker's file from ever arriving, so that the page stays on its own. */
export const neverPage: Page = { body: '', headers: script, ms: 3_600_000 }

/** Our files on a server of their own, so that they come whatever became of the page's. */
export interface FileServer {
  /** URL of the script tag's file. */
  tag: string
  /** Lets the cover file go, which is held until then. */
  release(): void
  close(): void
}

export async function serveFiles(missing?: string): Promise<FileServer> {
  let release = () => {}
  const released = new Promise<void>(go => {
    release = go
  })
  const server = createServer(async ({ url = '' }, response) => {
    if (basename(url) === missing) return void response.writeHead(404, anyone).end()
    const body = await readFile(join('dist', basename(url)))
    if (url.includes('cover')) await released
    response.writeHead(200, { ...script, ...anyone }).end(body)
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  return {
    tag: `http://127.0.0.1:${port}/outrigger.js`,
    release,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** The page with a script that runs before everything else in it. */
export function withFirst(page: Page, source: string): Page {
  return { ...page, body: page.body!.replace('<head>', `<head><script>${source}</script>`) }
}

export interface Answered {
  ok: boolean
  status: number
  server?: number
  error?: string
  ms: number
}

/** One `fetch` in the page: who answered it, and how long that took. */
export function fetchIn(tab: Tab, url: string, init: RequestInit = {}): Promise<Answered> {
  return tab.evaluate(
    async (url, init) => {
      const start = performance.now()
      const since = () => Math.round(performance.now() - start)
      try {
        const response = await fetch(url, init)
        const { server } = await response.json()
        return { ok: response.ok, status: response.status, server, ms: since() }
      } catch (error) {
        return { ok: false, status: 0, error: String(error), ms: since() }
      }
    },
    url,
    init as Record<string, string>,
  )
}

/** The same by XMLHttpRequest, with all that the page saw of it. */
export function xhrIn(tab: Tab, url: string, init: { method?: string; body?: string; timeout?: number } = {}) {
  return tab.evaluate(
    (url, { method = 'GET', body, timeout = 0 }) =>
      new Promise<Answered & { events: string[]; headers: string; url: string }>(resolve => {
        const start = performance.now()
        const xhr = new XMLHttpRequest()
        const events: string[] = []
        for (const type of ['loadstart', 'load', 'error', 'abort', 'timeout', 'loadend'])
          xhr.addEventListener(type, () => events.push(type))
        xhr.onreadystatechange = () => events.push(`state ${xhr.readyState}`)
        xhr.open(method, url)
        xhr.timeout = timeout
        xhr.onloadend = () =>
          resolve({
            ok: xhr.status >= 200 && xhr.status < 300,
            status: xhr.status,
            server: xhr.responseText ? JSON.parse(xhr.responseText).server : undefined,
            ms: Math.round(performance.now() - start),
            events,
            headers: xhr.getAllResponseHeaders(),
            url: xhr.responseURL,
          })
        xhr.send(body)
      }),
    url,
    init,
  )
}
