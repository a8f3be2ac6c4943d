import { FailoverError } from '../core/errors.ts'
import type { Sending } from '../core/ports.ts'
import type { Call, Outcome } from '../core/types.ts'
import { isBodiless } from './bodiless.ts'
import type { Handle } from './call.ts'
import { lookLike } from './look-like.ts'

/**
 * Asks the core and waits for its outcome.
 *
 * @param signal the caller's; it ends the call, and later the body of its answer
 * @throws the signal's own reason, untouched
 */
export function ask(
  fetchCall: (call: Call, settle: (outcome: Outcome) => void) => Sending,
  call: Call,
  signal: AbortSignal | undefined = (call.handle as Handle).signal,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    if (signal) (call.handle as Handle).signal = signal
    const stop = () => {
      sending.abort()
      reject(signal?.reason)
    }
    const sending = fetchCall(call, outcome => {
      signal?.removeEventListener('abort', stop)
      resolve(outcome)
    })
    signal?.addEventListener('abort', stop)
  })
}

/** What the page gets: the asked server's response as it is, or another's, with what it has to look like. */
interface Given {
  response: Response
  /** Of the request, or where it was redirected to within the server that answered; absent for the asked server's own. */
  url?: string
  redirected?: boolean
}

/**
 * Reads an outcome.
 *
 * @throws FailoverError when there is no answer
 * @throws TypeError when the answer is a redirect, and the page wanted none or it may not be followed
 */
export function given(outcome: Outcome, call: Call): Given {
  if ('error' in outcome) throw new FailoverError(outcome.error)
  const { asked, server, answer } = outcome
  const response = answer.handle as Response
  const { request, base } = call.handle as Handle
  if (isRedirect(response) && (request.redirect !== 'manual' || (!asked && request.mode === 'navigate')))
    throw new TypeError('redirected')
  // Not even looked at: in WebKit a look at `body` makes it a slower one.
  if (asked) return { response }
  const { redirected, status, body } = response
  const url = redirected ? response.url.replace(server, base!) : call.url
  // What no response can be made of is passed on.
  const made = !status || status > 599 ? response : new Response(isBodiless(status) ? null : body, response)
  return { response: made, url, redirected }
}

/** Turns an outcome into what `fetch` would have given. It throws as `given` does. */
export function toResponse(outcome: Outcome, call: Call): Response {
  const { response, url, redirected = false } = given(outcome, call)
  if (url === undefined) return response
  const sameOrigin = typeof location === 'undefined' || new URL(url).origin === location.origin
  const type = response.type === 'opaqueredirect' ? response.type : sameOrigin ? 'basic' : 'cors'
  return lookLike(response, { url, type, redirected })
}

/** Outside browsers a redirect that was not followed can be read. */
function isRedirect({ type, status, headers }: Response): boolean {
  if (typeof location === 'undefined') return status > 300 && status < 309 && headers.has('location')
  return type === 'opaqueredirect'
}
