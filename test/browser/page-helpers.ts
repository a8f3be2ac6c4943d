/// <reference path="../../src/global.ts" />
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page as Tab } from 'puppeteer'
import { createFarm, type Farm, type FarmOptions, type Page } from '../support/farm.ts'

export const script = { 'content-type': 'text/javascript; charset=utf-8' }
export const html = { 'content-type': 'text/html; charset=utf-8' }

/** A page that holds our script tag and nothing else. */
export function tagPage(attributes: Record<string, string> = {}, more = ''): Page {
  const data = { 'data-servers': '/servers.json', 'data-api': '/api/', ...attributes }
  const text = Object.entries(data)
    .filter(([, value]) => value !== 'none')
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ')
  return {
    body: `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>page</title><link rel="icon" href="data:,"><script src="/outrigger.js" ${text}></script>${more}</head><body></body></html>`,
    headers: html,
  }
}

/** Servers that have `dist`, and a page at `/`. */
export function pageFarm(options: Omit<FarmOptions, 'script'> = {}): Promise<Farm> {
  return createFarm({ servers: 3, files: [], ...options })
}

/** A file of `dist` as a farm's fixed answer, late by `ms`. */
export async function distPage(name: string, ms: number): Promise<Page> {
  return { body: await readFile(join('dist', name), 'utf8'), headers: script, ms }
}

/** Keeps the worker's file from ever arriving, so that the page stays on its own. */
export const neverPage: Page = { body: '', headers: script, ms: 3_600_000 }

/** Answers requests for these paths from the test itself, whatever became of their server. */
export async function serveFromTest(tab: Tab, files: Record<string, { ms?: number; body: string; type?: string }>) {
  await tab.setRequestInterception(true)
  tab.on('request', request => {
    const file = files[new URL(request.url()).pathname]
    if (!file) return void request.continue()
    setTimeout(
      () => void request.respond({ body: file.body, contentType: file.type ?? 'text/javascript' }).catch(() => {}),
      file.ms ?? 0,
    )
  })
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
