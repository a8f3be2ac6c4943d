import type { Failover } from '../src/core/failover.ts'
import type { Clock } from '../src/core/ports.ts'

/** When nothing answers at all, a stand-in is taken after this long; milliseconds. */
export const SILENT_MS = 4_000

/** Silence after which the server is looked at; the look takes 300 ms at most. */
export const LOOK_MS = 600

export interface Patience {
  /** Its server is looked at. */
  url: string
  /** Milliseconds of silence before the first look. */
  lookAfterMs: number
  /** The stand-in, asked for at most once; `status`: of the 5xx that came instead, 0 after a network error. */
  standIn(status?: number): Promise<Response | undefined>
}

/**
 * Network first: waits for a slow but living server, and takes the stand-in only when
 * the server refuses, errs, is silent and found dead, or when nothing at all answers
 * for 4 s. Without a stand-in what the network says stands, however late.
 */
export function patiently(
  network: Promise<Response>,
  { url, lookAfterMs, standIn }: Patience,
  { failover, clock }: { failover: Pick<Failover, 'look'>; clock: Clock },
): Promise<Response> {
  const startedAt = clock.now()
  return new Promise(resolve => {
    let done = false
    let replacement: Promise<Response | undefined> | undefined
    let callOff = clock.after(lookAfterMs, () => look(0))

    async function replace(otherwise?: Response): Promise<void> {
      callOff()
      replacement ??= standIn(otherwise?.status).catch(() => undefined)
      const response = (await replacement) ?? otherwise
      if (response) resolve(response)
    }

    function look(answers: number) {
      failover.look(url, verdict => {
        if (replacement || done) return
        if (verdict === 'dead') return void replace()
        if (verdict === 'answers') {
          callOff = clock.after(Math.min(2_000 * 2 ** answers, 10_000), () => look(answers + 1))
          return
        }
        const leftMs = startedAt + SILENT_MS - clock.now()
        callOff =
          leftMs > 1_000 ? clock.after(1_000, () => look(0)) : clock.after(Math.max(0, leftMs), () => void replace())
      })
    }

    network.then(
      response => {
        done = true
        if (response.status >= 500) return void replace(response)
        callOff()
        resolve(response)
      },
      () => {
        done = true
        void replace(Response.error())
      },
    )
  })
}
