import type { State } from '../types.ts'

/**
 * Whose fault it is that nothing answers. When unsure, it says so.
 *
 * @param answered any HTTP answer, from a server, a list source or a witness, to something sent since the trouble began
 * @param online `navigator.onLine`; true proves nothing
 * @param witnesses those that the list declares
 * @param silent how many of them stayed silent when asked
 */
export function diagnose(answered: boolean, online: boolean | undefined, witnesses: number, silent: number): State {
  if (answered) return 'server-down'
  if (online === false) return 'network-down'
  if (witnesses === 0) return 'unknown'
  return silent === witnesses ? 'network-down' : 'server-down'
}
