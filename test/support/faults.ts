import type { FaultName, FaultOptions } from './farm.ts'
import { full } from './full.ts'

/** Faults by the names of the issue. */
export const faults: Record<string, [FaultName, FaultOptions?]> = {
  killed: ['kill'],
  hangs: ['hang'],
  'full backlog': ['black-hole'],
  '503': ['503'],
  '503 with Retry-After': ['503-retry-after'],
  resets: ['reset'],
  stalls: ['stall'],
  'slow 8 s': ['slow', { ms: 8_000 }],
  'hangs behind a green health page': ['api-hang'],
}

/** A row of each kind is enough for the short run. */
export const rows = Object.keys(faults).filter(name => full || !/killed|Retry-After|backlog/.test(name))

/** Slowest read allowed while a fault begins. */
export const slowestMs = (name: string) =>
  name === 'stalls' ? 1_500 : name === 'slow 8 s' || name.includes('green') ? 2_600 : 1_200

/** What a server's fault makes of it, in words of the status. */
export const outStates = ['dead', 'slow', 'erring', 'backed-off']
