import type { Failover } from '../src/core/failover.ts'
import type { Clock } from '../src/core/ports.ts'

/** When nothing answers at all, a stand-in is taken after this long; milliseconds. */
export const SILENT_MS = 4_000

/** Silence after which the server is looked at; the look takes 300 ms at most. */
export const LOOK_MS = 600

/** Between two looks at a server that answers. */
const AGAIN_MS = 2_000

/** How long the server may take to say that it lives. */
const PROBE_MS = 300

export interface Patience {
  /** Its server is looked at. */
  url: string
  /** Milliseconds of silence before the first look. */
  lookAfterMs: number
  /** The stand-in, asked for at most once; `status`: of the 5xx that came instead, 0 after a network error. */
  standIn(status?: number): Promise<Response | undefined>
}

export interface PatiencePorts {
  failover: Pick<Failover, 'look'>
  clock: Clock
  /** Asks the server itself whether it lives; `answered` is called if it does. */
  probe(answered: () => void): void
}

/**
 * Network first: waits for a slow but living server, and takes the stand-in only when
 * the server refuses, errs, is silent and found dead, or when nothing at all answers
 * for 4 s. Without a stand-in what the network says stands, however late.
 */
export function patiently(
  network: Promise<Response>,
  { url, lookAfterMs, standIn }: Patience,
  { failover, clock, probe }: PatiencePorts,
): Promise<Response> {
  const startedAt = clock.now()
  return new Promise(resolve => {
    let done = false
    let replacement: Promise<Response | undefined> | undefined
    let callOff = clock.after(lookAfterMs, look)

    async function replace(otherwise?: Response): Promise<void> {
      callOff()
      replacement ??= standIn(otherwise?.status).catch(() => undefined)
      const response = (await replacement) ?? otherwise
      if (response) resolve(response)
    }

    function look() {
      failover.look(url, verdict => {
        if (replacement || done) return
        if (verdict === 'dead') return void replace()
        if (verdict === 'answers') return lookAgain()
        const leftMs = startedAt + SILENT_MS - PROBE_MS - clock.now()
        callOff = leftMs > 1_000 ? clock.after(1_000, look) : clock.after(leftMs, askOwn)
      })
    }

    function lookAgain() {
      callOff = clock.after(AGAIN_MS, look)
    }

    // The others are silent too, or there are none: that says nothing of this one.
    function askOwn() {
      let answered: boolean | undefined
      const conclude = (yes: boolean) => {
        if (answered !== undefined || replacement || done) return
        answered = yes
        if (yes) lookAgain()
        else void replace()
      }
      callOff = clock.after(PROBE_MS, () => conclude(false))
      probe(() => {
        callOff()
        conclude(true)
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
