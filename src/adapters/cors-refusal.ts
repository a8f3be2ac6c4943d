import type { Outgoing } from '../core/ports.ts'
import type { Call, Server } from '../core/types.ts'
import type { Handle } from './call.ts'
import { headersFor } from './mirror-request.ts'

/** Headers that CORS lets pass unasked; browsers' own `Accept` of a page is longer than that. */
const simple = /^(accept|.+-language),.{0,128}$|^content-type,(text\/plain|multipart|.+-urlencoded)/i

/** Longest that the questions take together, in milliseconds. */
const LONGEST_MS = 3_000

/** What a server must allow, each as the end of an `Access-Control-Allow-…` line, with what asks for it: a method cannot be tried. */
export function corsNeeds({ method, handle }: Call, server?: Server): Record<string, RequestInit | undefined> {
  const { request } = handle as Handle
  const needs: ReturnType<typeof corsNeeds> = { [`Origin: ${location.origin}`]: {} }
  const headers = server ? headersFor(request, server.credentials) : request.headers
  headers.forEach((value, name) => {
    if (!simple.test(`${name},${value}`)) needs[`Headers: ${name}`] = { headers: { [name]: value }, redirect: 'manual' }
  })
  if (server?.credentials === 'include') needs['Credentials: true'] = { credentials: 'include' }
  if (!/^(GET|HEAD|POST)$/.test(method)) needs[`Methods: ${method}`] = undefined
  return needs
}

/**
 * Finds what a living server did not allow of a request that failed there, one by one and by a read: refused and
 * broken look the same. The method is named if nothing else is. Empty: none of it, or that could not be told.
 */
export async function findRefusal(send: typeof fetch, { call, url, server }: Outgoing): Promise<string[]> {
  const signal = AbortSignal.timeout(LONGEST_MS)
  const method = call.repeatable === false ? 'HEAD' : 'GET'
  const asks = (init: RequestInit) =>
    send(url, { method, cache: 'no-store', credentials: 'omit', signal, ...init }).then(
      () => true,
      () => false,
    )
  const refused: string[] = []
  for (const [line, init] of Object.entries(corsNeeds(call, server))) {
    if (init ? await asks(init) : refused.length) continue
    if (line.startsWith('Origin')) return (await asks({ mode: 'no-cors' })) ? [line] : []
    refused.push(line)
  }
  return signal.aborted ? [] : refused
}
