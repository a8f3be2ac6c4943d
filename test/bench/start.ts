import type { Page } from 'puppeteer'
import { openChromium, stopAllWorkers } from '../support/browser.ts'
import { inWords, machine } from './machine.ts'
import { readOptions } from './options.ts'
import { writeTable } from './readme.ts'
import { type Figure, figureOf, shuffled } from './statistics.ts'
import { openVariants, type StartVariant, startVariants, type Variants } from './variants.ts'

/** What ours may add to the first request over a pass-through worker of 1 kB. */
const TARGET_MS = 5

const what = `The first request after the browser has stopped the worker, in Chromium: no worker, a pass-through worker of
1 kB, one that reads a saved record before, and Outrigger, in shuffled order. Ours may add ${TARGET_MS} ms to the pass-through worker's.`

type Here = { measure: { once(): Promise<number> }; ready: Promise<true> }

export async function main(args: string[]): Promise<void> {
  const options = readOptions('start', what, args, 25)
  if (!options) return
  const browser = await openChromium()
  const all = await openVariants()
  const on = machine((await browser.version()).replace('/', ' '))
  const times = Object.fromEntries(
    startVariants.map(variant => [variant, { first: [], next: [] }]),
  ) as unknown as Record<StartVariant, Record<'first' | 'next', number[]>>
  try {
    const page = await browser.newPage()
    for (let n = 0; n < options.rounds; n++) {
      for (const variant of shuffled(startVariants)) {
        const { first, next } = await startOnce(page, all, variant)
        times[variant].first.push(first)
        times[variant].next.push(next)
      }
      console.error(
        `round ${n + 1} of ${options.rounds}: ${startVariants.map(name => `${name} ${times[name].first.at(-1)!.toFixed(1)} ms`).join(', ')}`,
      )
    }
  } finally {
    await browser.close()
    all.close()
  }

  const figures = Object.fromEntries(
    startVariants.map(variant => [
      variant,
      { first: figureOf(times[variant].first), next: figureOf(times[variant].next) },
    ]),
  ) as Record<StartVariant, Record<'first' | 'next', Figure>>
  const addedBy = (name: StartVariant) => figures[name].first.median - figures['pass-through'].first.median
  const added = addedBy('Outrigger')
  const cell = ({ median, spread }: Figure) => `${median.toFixed(1)} (IQR ${spread.toFixed(1)})`
  const table = [
    '| ms | first request after a start | the next one |',
    '|---|---|---|',
    ...startVariants.map(name => `| ${name} | ${cell(figures[name].first)} | ${cell(figures[name].next)} |`),
  ].join('\n')
  const verdict = `Outrigger adds ${added.toFixed(1)} ms to the pass-through worker's start; to read one saved record alone adds ${addedBy('with memory').toFixed(1)} ms`
  const title = `${inWords(on)}; median of ${options.rounds} rounds`
  console.log(
    `${title}\n\n${table}\n\n${verdict}: ${added <= TARGET_MS ? 'holds' : `MISSED, ${TARGET_MS} ms are allowed`}`,
  )
  if (options.write) writeTable('start', `${title}.\n\n${table}\n\n${verdict}.`)
  if (options.json)
    console.log(JSON.stringify({ bench: 'start', machine: on, rounds: options.rounds, figures, addedMs: added }))
  if (added > TARGET_MS) process.exitCode = 1
}

async function startOnce(page: Page, all: Variants, variant: StartVariant) {
  await page.goto(all.url(variant))
  await page.evaluate(() => (window as unknown as Here).ready)
  const read = () => page.evaluate(() => (window as unknown as Here).measure.once())
  await read()
  await page.waitForNetworkIdle({ idleTime: 50 })
  await stopAllWorkers(page)
  return { first: await read(), next: await read() }
}
