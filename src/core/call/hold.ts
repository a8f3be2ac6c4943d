import type { Tuning } from '../options.ts'
import type { Hold } from '../ports.ts'
import type { Answer, Call } from '../types.ts'

/** Types whose readers want the whole body anyway. */
const WHOLE = /^(?:text\/html|application\/xhtml\+xml|(?:application|text)\/(?:[\w.-]+\+)?(?:json|xml))$/

/**
 * How much of an answer is held back so that it can be asked again unseen.
 * What is large, partial or a stream passes as it comes.
 */
export function holdFor(call: Call, answer: Answer, tuning: Tuning): Hold | undefined {
  if (call.streams || call.method === 'HEAD') return undefined
  if (answer.type === 'text/event-stream' || answer.status === 206) return undefined
  if (answer.status === 204 || answer.status === 205 || (answer.status >= 300 && answer.status < 400)) return undefined
  if (answer.lengthBytes !== undefined) {
    const fits = answer.lengthBytes > 0 && answer.lengthBytes <= tuning.holdBytes
    return fits ? { bytes: tuning.holdBytes, ms: Number.POSITIVE_INFINITY } : undefined
  }
  return { bytes: tuning.holdBytes, ms: WHOLE.test(answer.type) ? tuning.holdMs : tuning.holdOtherMs }
}
