import { openBrowser, type Tab } from '../support/browser.ts'
import { inWords, machine } from './machine.ts'
import { growthDuring } from './memory.ts'
import { readOptions } from './options.ts'
import { type Kind, rowOf, type Sample, type Samples, targets } from './overhead-table.ts'
import { writeTable } from './readme.ts'
import { median, shuffled } from './statistics.ts'
import { openVariants, type Variant, type Variants, variants } from './variants.ts'

const what = `What a worker that answers costs: no worker, a pass-through worker and Outrigger, one after the other in shuffled
order, each round. Ratios are to the pass-through worker of the same round. OUTRIGGER_ENGINE names the engine.`

/** What a page and its worker have left to do after a start, `bench:start` measures; here they have had the time for it. */
const SETTLE_MS = 1_500

/** Turns of each variant in a round. */
const TURNS = 4

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
      const round = await measureRound(page, all, n < memoryRounds)
      samples.push(round)
      console.error(`round ${n + 1} of ${rounds}: ${inShort(round)}`)
    }
  } finally {
    await browser.close()
    all.close()
  }

  const kinds = (Object.keys(targets) as Kind[]).filter(kind => kind !== 'growth' || memoryRounds > 0)
  const rows = kinds.map(kind => rowOf(kind, samples))
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

/** Short turns, so that what else the machine does meets all alike: a round's figures are the medians of its turns. */
async function measureRound(page: Tab, all: Variants, withMemory: boolean): Promise<Samples> {
  const turns = {} as Record<Variant, Sample[]>
  for (let turn = 0; turn < TURNS; turn++)
    for (const variant of shuffled(variants)) {
      turns[variant] ??= []
      turns[variant].push(await sample(page, all, variant, withMemory && turn === 0))
    }
  const of = (variant: Variant, kind: Kind) => median(turns[variant].flatMap(sample => sample[kind] ?? []))
  return Object.fromEntries(
    variants.map(variant => [
      variant,
      {
        sequential: of(variant, 'sequential'),
        concurrent: of(variant, 'concurrent'),
        rate: of(variant, 'rate'),
        ...(withMemory && { growth: of(variant, 'growth') }),
      },
    ]),
  ) as Samples
}

async function sample(page: Tab, all: Variants, variant: Variant, withMemory: boolean): Promise<Sample> {
  await page.goto(all.url(variant))
  await page.evaluate(() => (window as unknown as Here).ready)
  await new Promise(resolve => setTimeout(resolve, SETTLE_MS))
  const measure = (kind: keyof Measure, count: number) =>
    page.evaluate((kind, count) => (window as unknown as Here).measure[kind](count), kind, count)
  await measure('sequential', 30)
  await measure('concurrent', 64)
  const sequential = await measure('sequential', 60)
  const concurrent = await measure('concurrent', 256)
  const rate = 50_000 / (await measure('body', 50))
  const growth = withMemory ? await growthDuring(() => measure('body', 500), all.server.pid!) : undefined
  return { sequential, concurrent, rate, growth }
}

function inShort(round: Samples): string {
  return variants
    .map(name => {
      const { sequential, concurrent, rate, growth } = round[name]
      return `${name} ${sequential.toFixed(2)} ms, ${concurrent.toFixed(0)} ms, ${rate.toFixed(0)} MB/s${growth === undefined ? '' : `, +${growth.toFixed(0)} MB`}`
    })
    .join('; ')
}
