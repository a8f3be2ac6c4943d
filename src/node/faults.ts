/** Everything that can be wrong with a server of the farm. */
export const faultNames = [
  'ok',
  'kill', // SIGKILL: connections are refused
  'hang', // SIGSTOP: the kernel still accepts connections, nothing is ever answered
  'mute', // as `hang`, but the process lives, so that what it is asked can be counted
  'black-hole', // listen queue full: not even a connection is answered
  '503',
  '503-retry-after',
  'slow', // waits before headers
  'stall', // headers and half of a declared body, then nothing
  'reset', // the connection is reset at the request
  'reset-mid-body', // … after headers and half of the body
  'corrupt', // declares gzip and sends something else
  'html', // 200 with a web page, whatever was asked
  'api-hang', // the API never answers, everything else does
  'errors', // a share of the API's answers is 500
  'apply-silent', // does what a write says, answers nothing
  'stale', // an older copy of the data
  'cors', // of CORS only what `headers` says
] as const

export type FaultName = (typeof faultNames)[number]

export interface FaultOptions {
  /** `503-retry-after`: the header's value. Default 30. */
  seconds?: number
  /** `slow`: milliseconds before headers. Default 8,000. */
  ms?: number
  /** `slow`: everything is slow, not the API alone. Default false. */
  all?: boolean
  /** Only paths that start so are at fault. Default: all, for `slow`, `api-hang` and `errors` those of the API. */
  only?: string
  /** `errors`: share of answers that are 500, 0–1. Default 0.1. */
  share?: number
  /** `errors`: where the pseudo-random choice starts. Default 1. */
  seed?: number
  /** `cors`: its headers, on every answer. Default: none. */
  headers?: Record<string, string>
  /** What a write says is done before the fault strikes. Default false; always so for `apply-silent`. */
  apply?: boolean
}

export interface Fault extends FaultOptions {
  name: FaultName
}

/** Whether a request for this path meets the fault. */
export function covers(fault: Fault, path: string): boolean {
  if (fault.name === 'ok') return false
  if (fault.only !== undefined) return path.startsWith(fault.only)
  if (fault.name === 'slow') return fault.all === true || path.startsWith('/api/')
  if (fault.name === 'api-hang' || fault.name === 'errors') return path.startsWith('/api/')
  return true
}
