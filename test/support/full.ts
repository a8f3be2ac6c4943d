import { appendFileSync, mkdirSync } from 'node:fs'

/** True when the counts, sizes and times of the issue are wanted, not the short ones. */
export const full = process.env.FULL === '1'

/**
 * Times are measured by the full runs, on a quiet machine. The short ones, on machines that are shared and busy, hold
 * them to this many times as much: what they are for is that nothing fails.
 */
export const slack = full ? 1 : 4

/** Prints a measured figure, and keeps it where the full runs collect theirs. */
export function figure(name: string, values: Record<string, unknown>): void {
  const line = `${name}: ${Object.entries(values)
    .map(([key, value]) => `${key} ${typeof value === 'number' ? Math.round(value * 10) / 10 : value}`)
    .join(', ')}`
  if (!full) return
  console.log(line)
  mkdirSync('node_modules/.cache/outrigger', { recursive: true })
  appendFileSync('node_modules/.cache/outrigger/figures.txt', `${line}\n`)
}
