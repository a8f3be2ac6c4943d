import type { Tuning } from '../options.ts'
import type { Hold } from '../ports.ts'
import type { Answer, Call } from '../types.ts'

/** Types whose readers want the whole body anyway. */
const WHOLE = /^text\/html$|^(application|text)\/([\w.-]+\+)?(json|xml)$/

/**
 * How much of an answer is held back so that it can be asked again unseen.
 * What is large, partial or a stream passes as it comes.
 */
export function holdFor(call: Call, answer: Answer, tuning: Tuning): Hold | undefined {
  const { status, type } = answer
  if (call.streams || call.method === 'HEAD' || type === 'text/event-stream') return undefined
  if ((status >= 204 && status <= 206) || (status >= 300 && status < 400)) return undefined
  if (answer.lengthBytes !== undefined) {
    const fits = answer.lengthBytes > 0 && answer.lengthBytes <= tuning.holdBytes
    return fits ? forAtMost(Number.POSITIVE_INFINITY) : undefined
  }
  const { holdMs, holdOtherMs, overtakeAfterMs } = tuning
  // One that stands still then may be overtaken any moment, by a server that is slow itself.
  return WHOLE.test(type) ? forAtMost(holdMs + 2 * overtakeAfterMs, holdMs) : forAtMost(holdOtherMs)

  function forAtMost(longestMs: number, ms = longestMs): Hold {
    return { bytes: tuning.holdBytes, ms, longestMs }
  }
}
