import { baselines } from './engine/baselines.ts'
import { clientsOf, type Figures, holds, type Target, worstOf } from './target.ts'
import { targets } from './targets/index.ts'

export { targets }

/** One case with one seed, ours or a baseline's clients: what a process is handed. */
export interface Job {
  target: string
  name: string
  seed: number
  /** Absent: ours. */
  baseline?: keyof typeof baselines
}

export interface Done {
  job: Job
  figures: Figures
}

/** Every case with every seed; of the baselines one seed is enough to see what they do. */
export function jobsOf({ id, cases }: Target, seeds: number, withBaselines: boolean): Job[] {
  return cases.flatMap(({ name, beside = [] }) => [
    ...Array.from({ length: seeds }, (_, index) => ({ target: id, name, seed: index + 1 })),
    ...(withBaselines ? beside.map(baseline => ({ target: id, name, seed: 1, baseline })) : []),
  ])
}

export function run({ target: id, name, seed, baseline }: Job): Figures {
  const target = targets.find(target => target.id === id)!
  const { run } = target.cases.find(one => one.name === name)!
  return run(baseline ? baselines[baseline] : clientsOf(target), seed)
}

const shown = (figure: number) =>
  figure === Number.POSITIVE_INFINITY ? 'never' : String(Math.round(figure * 1_000) / 1_000)

/** What came of one target: the worst seed counts. */
export function report(target: Target, all: readonly Done[]) {
  const rows = target.cases.map(({ name, limits }) => {
    const mine = all.filter(({ job }) => job.target === target.id && job.name === name)
    const seeds = mine.filter(({ job }) => !job.baseline).map(({ job, figures }) => ({ seed: job.seed, ...figures }))
    const worst = Object.fromEntries(
      Object.entries(limits).map(([key, limit]) => [
        key,
        worstOf(
          limit,
          seeds.map(figures => (figures as Figures)[key]!),
        ),
      ]),
    )
    const allHold = Object.entries(limits).every(([key, limit]) =>
      seeds.every(figures => holds(limit, (figures as Figures)[key])),
    )
    const pass = seeds.length > 0 && allHold
    const beside = Object.fromEntries(
      mine.flatMap(({ job, figures }) => (job.baseline ? [[job.baseline, figures] as const] : [])),
    )
    return { name, limit: limits, worst, baselines: beside, seeds, pass }
  })
  const pass = rows.every(row => row.pass)
  const lines = rows.map(({ name, limit, worst, baselines: beside, pass }) => {
    const figures = Object.entries(limit).map(
      ([key, one]) => `${key} ${shown(worst[key]!)} (${'most' in one ? `≤ ${one.most}` : `≥ ${one.least}`})`,
    )
    const others = Object.entries(beside).map(
      ([who, theirs]) =>
        `${who} ${Object.keys(limit)
          .map(key => shown(theirs[key]!))
          .join('/')}`,
    )
    return `  ${pass ? 'holds ' : 'MISSED'} ${name}: ${figures.join(', ')}${others.length ? `; ${others.join(', ')}` : ''}`
  })
  return {
    pass,
    text: [`${target.id} ${target.what}`, ...lines].join('\n'),
    json: { id: target.id, pass, cases: rows },
  }
}
