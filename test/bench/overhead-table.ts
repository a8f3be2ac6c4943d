import { figureOf } from './statistics.ts'
import { type Variant, variants } from './variants.ts'

export interface Sample {
  /** Mean of one read, in ms. */
  sequential: number
  /** Of 256 reads, 64 at a time, in ms. */
  concurrent: number
  /** MB/s of 50 MB. */
  rate: number
  /** MB that the browser's processes grow by during 500 MB. */
  growth?: number
}

export type Kind = keyof Sample
export type Samples = Record<Variant, Sample>

/** Targets as ratios to the pass-through worker; memory in MB more than it. */
export const targets: Record<
  Kind,
  { what: string; unit: string; holds(ratio: number, ours: number, theirs: number): boolean }
> = {
  sequential: { what: 'one read after the other', unit: 'ms', holds: ratio => ratio <= 1.15 },
  concurrent: { what: '256 reads, 64 at a time', unit: 'ms', holds: ratio => ratio <= 1.15 },
  rate: { what: 'body of 50 MB', unit: 'MB/s', holds: ratio => ratio >= 0.9 },
  growth: { what: 'memory for 500 MB', unit: 'MB', holds: (_, ours, theirs) => ours <= theirs + 50 },
}

/** One line of the table, and whether its target holds. */
export function rowOf(kind: Kind, samples: Samples[]) {
  const of = (variant: Variant) => samples.flatMap(round => round[variant][kind] ?? [])
  const figures = Object.fromEntries(variants.map(variant => [variant, figureOf(of(variant))]))
  const [ours, theirs] = [of('Outrigger'), of('pass-through')]
  const ratio = figureOf(ours.map((value, index) => value / theirs[index]!))
  const { what, unit, holds } = targets[kind]
  const good = holds(ratio.median, figures.Outrigger!.median, figures['pass-through']!.median)
  const cells = variants.map(variant => inUnit(figures[variant]!.median))
  const text = `| ${what}, ${unit} | ${cells.join(' | ')} | ${kind === 'growth' ? '' : `${ratio.median.toFixed(2)} (IQR ${ratio.spread.toFixed(2)})`} | ${good ? 'holds' : 'MISSED'} |`
  return { kind, figures, ratio, holds: good, text }
}

function inUnit(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(0)
}
