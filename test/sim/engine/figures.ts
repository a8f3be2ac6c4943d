import type { Result } from './run.ts'

export const sum = (numbers: readonly number[], from = 0, until = numbers.length) =>
  numbers.slice(from, until).reduce((all, one) => all + (one ?? 0), 0)

/** Percent of the requests that began in these seconds. */
export function success({ sent, succeeded }: Result, from = 0, until = sent.length): number {
  return (100 * sum(succeeded, from, until)) / sum(sent, from, until)
}

/**
 * Requests that reached the servers for each that began, within these seconds; those lost on the way to a dead one count.
 * Without an end, also what is sent when no more begin.
 */
export function amplification({ network, sent }: Result, from = 0, until?: number): number {
  return sum(network.servers.map(({ perSecond }) => sum(perSecond, from, until))) / sum(sent, from, until)
}

/** Seconds from `from` until no second has less than `percent` success any more; infinite if the last one still has. */
export function recovery({ sent, succeeded }: Result, from: number, percent = 99): number {
  let last = sent.length - 1
  while (last >= from && 100 * succeeded[last]! >= percent * sent[last]!) last--
  return last === sent.length - 1 ? Number.POSITIVE_INFINITY : Math.max(0, last + 1 - from)
}
