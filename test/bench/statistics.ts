/** The middle value; between two, their mean. `NaN` of nothing. */
export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5)
}

/** Interquartile range: how far the middle half of the values is spread. */
export function spread(numbers: readonly number[]): number {
  return numbers.length > 1 ? quantile(numbers, 0.75) - quantile(numbers, 0.25) : 0
}

function quantile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const below = sorted[Math.floor(at)]
  const above = sorted[Math.ceil(at)]
  return below === undefined || above === undefined ? Number.NaN : below + (above - below) * (at % 1)
}

export function shuffled<T>(items: readonly T[]): T[] {
  const left = [...items]
  return items.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0]!)
}

/** A figure out of several rounds. */
export interface Figure {
  median: number
  spread: number
  rounds: number
}

export function figureOf(numbers: readonly number[]): Figure {
  return { median: median(numbers), spread: spread(numbers), rounds: numbers.length }
}

/** At least this much is a difference; milliseconds. */
const NOTICED_MS = 5

/** Whether a time is better than another: by more than 5 ms, and by more than either of them is spread. */
export function isBetter(one: Figure, other: Figure): boolean {
  return other.median - one.median > Math.max(NOTICED_MS, one.spread, other.spread)
}
