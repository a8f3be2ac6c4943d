import type { State } from '../types.ts'

/** What there is to go by when no server answers. */
export interface Evidence {
  /** Any HTTP answer, from a server, a list source or a witness, to something sent since the trouble began. */
  answered: boolean
  /** `navigator.onLine`; true proves nothing. */
  online: boolean | undefined
  /** Witnesses that the list declares, and how many of them stayed silent when asked. */
  witnesses: number
  silentWitnesses: number
}

/** Whose fault it is that nothing answers. When unsure, it says so. */
export function diagnose(evidence: Evidence): State {
  if (evidence.answered) return 'server-down'
  if (evidence.online === false) return 'network-down'
  if (evidence.witnesses === 0) return 'unknown'
  return evidence.silentWitnesses === evidence.witnesses ? 'network-down' : 'server-down'
}
