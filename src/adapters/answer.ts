import { FailoverError } from '../core/errors.ts'
import type { Sending } from '../core/ports.ts'
import type { Call, Outcome } from '../core/types.ts'
import type { Handle } from './call.ts'
import { remake } from './look-like.ts'

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

/**
 * Turns an outcome into what `fetch` would have given: the asked server's response as it is,
 * another server's under the URL of the request.
 *
 * @throws FailoverError when there is no answer
 */
export function toResponse(outcome: Outcome, call: Call): Response {
  if ('error' in outcome) throw new FailoverError(outcome.error)
  const response = outcome.answer.handle as Response
  return outcome.asked || response.status < 200 || response.status > 599 ? response : rewrap(response, call.url)
}

function rewrap(response: Response, url: string): Response {
  const sameOrigin = typeof location === 'undefined' || new URL(url).origin === location.origin
  // A worker's `respondWith` gives it these by itself; anywhere else it has none until we say so.
  const looks = { url, type: sameOrigin ? ('basic' as const) : ('cors' as const), redirected: false }
  return remake(response, response.body, looks)
}
