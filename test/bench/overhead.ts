import { openBrowser, type Tab } from '../support/browser.ts'
import { inWords, machine } from './machine.ts'
import { growthDuring } from './memory.ts'
import { readOptions } from './options.ts'
import { writeTable } from './readme.ts'
import { figureOf, shuffled } from './statistics.ts'
import { openVariants, type Variant, type Variants, variants } from './variants.ts'

const what = `What a worker that answers costs: no worker, a pass-through worker and Outrigger, one after the other in shuffled
order, each round. Ratios are to the pass-through worker of the same round. OUTRIGGER_ENGINE names the engine.`

interface Sample {
  /** Mean of one read, in ms. */
  sequential: number
  /** Of 512 reads, 64 at a time, in ms. */
  concurrent: number
  /** MB/s of 50 MB. */
  rate: number
  /** MB that the browser's processes grow by during 500 MB. */
  growth?: number
}

type Kind = keyof Sample
type Samples = Record<Variant, Sample>

/** Targets as ratios to the pass-through worker; memory in MB more than it. */
const targets: Record<
  Kind,
  { what: string; unit: string; holds(ratio: number, ours: number, theirs: number): boolean }
> = {
  sequential: { what: 'one read after the other', unit: 'ms', holds: ratio => ratio <= 1.15 },
  concurrent: { what: '512 reads, 64 at a time', unit: 'ms', holds: ratio => ratio <= 1.15 },
  rate: { what: 'body of 50 MB', unit: 'MB/s', holds: ratio => ratio >= 0.9 },
  growth: { what: 'memory for 500 MB', unit: 'MB', holds: (_, ours, theirs) => ours <= theirs + 50 },
}

interface Measure {
  sequential(count: number): Promise<number>
  concurrent(count: number): Promise<number>
  body(megabytes: number): Promise<number>
}
type Here = { measure: Measure; ready: Promise<true> }

export async function main(args: string[]): Promise<void> {
  const options = readOptions('overhead', what, args, 7, {
    memory: { value: 'N', what: 'in how many of the rounds 500 MB are read (default 3)' },
  })
  if (!options) return
  const { rounds } = options
  const memoryRounds = Number(options.given.memory ?? 3)
  const browser = await openBrowser()
  const all = await openVariants()
  const on = machine((await browser.version()).replace('/', ' '))
  const samples: Samples[] = []
  try {
    const page = await browser.newPage()
    for (let n = 0; n < rounds; n++) {
      const round = {} as Samples
      for (const variant of shuffled(variants)) round[variant] = await sample(page, all, variant, n < memoryRounds)
      samples.push(round)
      console.error(`round ${n + 1} of ${rounds}: ${inShort(round)}`)
    }
  } finally {
    await browser.close()
    all.close()
  }

  const rows = (Object.keys(targets) as Kind[]).map(kind => rowOf(kind, samples))
  const head = `| | ${variants.join(' | ')} | ratio | |\n|---|${'---|'.repeat(variants.length + 2)}`
  const table = [head, ...rows.map(({ text }) => text)].join('\n')
  const title = `${inWords(on)}; median of ${rounds} rounds`
  console.log(`${title}\n\n${table}`)
  const missed = rows.filter(({ holds }) => !holds)
  if (options.write) writeTable(`overhead ${on.engine.split(' ')[0]}`, `${title}.\n\n${table}`)
  if (options.json)
    console.log(
      JSON.stringify({ bench: 'overhead', machine: on, rounds, rows, missed: missed.map(({ kind }) => kind) }),
    )
  if (missed.length) process.exitCode = 1
}

async function sample(page: Tab, all: Variants, variant: Variant, withMemory: boolean): Promise<Sample> {
  await page.goto(all.url(variant))
  await page.evaluate(() => (window as unknown as Here).ready)
  const measure = (kind: keyof Measure, count: number) =>
    page.evaluate((kind, count) => (window as unknown as Here).measure[kind](count), kind, count)
  await measure('sequential', 30)
  await measure('concurrent', 128)
  const sequential = await measure('sequential', 200)
  const concurrent = await measure('concurrent', 512)
  await measure('body', 50)
  const rate = 50_000 / Math.min(await measure('body', 50), await measure('body', 50))
  const growth = withMemory ? await growthDuring(() => measure('body', 500), all.server.pid!) : undefined
  return { sequential, concurrent, rate, growth }
}

function rowOf(kind: Kind, samples: Samples[]) {
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

function inShort(round: Samples): string {
  return variants
    .map(name => {
      const { sequential, concurrent, rate, growth } = round[name]
      return `${name} ${sequential.toFixed(2)} ms, ${concurrent.toFixed(0)} ms, ${rate.toFixed(0)} MB/s${growth === undefined ? '' : `, +${growth.toFixed(0)} MB`}`
    })
    .join('; ')
}

function inUnit(value: number): string {
  return value < 10 ? value.toFixed(2) : value.toFixed(0)
}
