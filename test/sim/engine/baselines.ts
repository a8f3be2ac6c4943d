import type { Client, MakeClient, Settle, Surroundings } from './client.ts'

/**
 * What other clients do, in as few lines as show it: a server at random, a second's patience, and then their own rule. Who
 * waits that long has missed the limit of a second: what their retries cost is what is to be seen, not what they save.
 */

const TIMEOUT_MS = 1_000

interface Rule {
  attempts: number
  /** Whether a retry may be made now, after a timeout or another failure. */
  mayRetry(timedOut: boolean): boolean
  /** An attempt has failed, the last one too. */
  failed?(): void
  succeeded?(retried: number): void
  began?(): void
  delayMs?(retries: number): number
}

function client({ clock, random, network }: Surroundings, rule: Rule): Client {
  function attempt(settle: Settle, retries: number): void {
    let over = false
    const failed = (status: number, timedOut: boolean) => {
      if (over) return
      over = true
      rule.failed?.()
      if (retries + 1 >= rule.attempts || !rule.mayRetry(timedOut)) return settle(status)
      clock.after(rule.delayMs?.(retries) ?? 0, () => attempt(settle, retries + 1))
    }
    clock.after(TIMEOUT_MS, () => failed(0, true))
    network.send(Math.floor(random() * network.servers.length), status => {
      if (!status || status >= 500) return failed(status, false)
      if (over) return
      over = true
      rule.succeeded?.(retries)
      settle(status)
    })
  }
  return {
    fetch(settle) {
      rule.began?.()
      attempt(settle, 0)
      return { abort() {} }
    },
  }
}

const none: MakeClient = here => client(here, { attempts: 1, mayRetry: () => false })

const naive: MakeClient = here => client(here, { attempts: 3, mayRetry: () => true })

/** Takes `price` if at least `least` is left. */
function budget(tokens: number, most = tokens) {
  return {
    pay(price: number, least: number): boolean {
      const pays = tokens >= least
      if (pays) tokens -= price
      return pays
    },
    left: () => tokens,
    earn(more: number) {
      tokens = Math.max(0, Math.min(most, tokens + more))
    },
  }
}

/** gRFC A6: 10 tokens, a failure takes one and a success gives 0.1; retries while more than half are left; full jitter. */
const grpc: MakeClient = here => {
  const tokens = budget(10)
  return client(here, {
    attempts: 3,
    failed: () => tokens.earn(-1),
    mayRetry: () => tokens.left() > 5,
    succeeded: () => tokens.earn(0.1),
    delayMs: retries => here.random() * Math.min(1_000, 100 * 2 ** retries),
  })
}

/** The SDKs' standard mode since November 2026: 500 tokens, 14 for a retry, 1 for a clean success, the price back for a retried one. */
const aws: MakeClient = here => {
  const quota = budget(500)
  return client(here, {
    attempts: 3,
    mayRetry: () => quota.pay(14, 14),
    succeeded: retried => quota.earn(retried ? 14 : 1),
    delayMs: retries => here.random() * Math.min(20_000, 50 * 2 ** retries),
  })
}

/** RetryBudget: a fifth of the requests of the last 10 s, and 10 a second whatever they were. */
const finagle: MakeClient = here => {
  const deposits: number[] = []
  const withdrawals: number[] = []
  const count = (times: number[]) => times.filter(at => here.clock.now() - at < 10_000).length
  return client(here, {
    attempts: 3,
    began: () => deposits.push(here.clock.now()),
    mayRetry: () => count(withdrawals) < 100 + 0.2 * count(deposits) && !!withdrawals.push(here.clock.now()),
  })
}

export const baselines = { none, naive, grpc, aws, finagle }
