import { type ParseArgsConfig, parseArgs } from 'node:util'

export interface BenchOption {
  /** What it does, for `--help`. */
  what: string
  /** What stands for its value in `--help`; a switch has none. */
  value?: string
}

const common: Record<string, BenchOption> = {
  rounds: { value: 'N', what: 'how often everything is measured' },
  json: { what: 'one JSON object on the last line' },
  write: { what: 'puts the table into README' },
  help: { what: 'this' },
}

export interface Options {
  rounds: number
  json: boolean
  write: boolean
  given: Record<string, string | boolean | undefined>
}

/**
 * Reads a bench's arguments; prints its help and gives nothing if that is wanted.
 *
 * @throws TypeError for an unknown argument
 */
export function readOptions(
  name: string,
  what: string,
  args: string[],
  rounds: number,
  more: Record<string, BenchOption> = {},
): Options | undefined {
  const all = { ...more, ...common }
  const config: NonNullable<ParseArgsConfig['options']> = Object.fromEntries(
    Object.entries(all).map(([key, { value }]) => [key, { type: value ? 'string' : 'boolean' }]),
  )
  const values = parseArgs({ args, options: config }).values as Options['given']
  if (values.help) {
    console.log(`npm run bench:${name} [-- options]\n\n${what}\n`)
    for (const [key, { value = '', what }] of Object.entries(all))
      console.log(`  --${`${key} ${value}`.padEnd(20)} ${what}`)
    return undefined
  }
  return {
    rounds: Math.max(1, Number(values.rounds ?? rounds) || rounds),
    json: values.json === true,
    write: values.write === true,
    given: values,
  }
}

/** The names that an option lists, or all; throws for one that is not among them. */
export function choice(given: string | boolean | undefined, all: readonly string[]): string[] {
  if (typeof given !== 'string') return [...all]
  const names = given.split(',').map(name => name.trim())
  const unknown = names.find(name => !all.includes(name))
  if (unknown !== undefined) throw new Error(`There is no "${unknown}" here, but ${all.join(', ')}.`)
  return names
}
