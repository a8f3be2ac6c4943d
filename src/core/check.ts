import { FailoverError, type FailureCode } from './errors.ts'

export type Fields = Record<string, unknown>

/** What a value must be, and how that is said; with `each` it is an array, and the rule is for what is in it. */
export type Rule = readonly [fits: (value: unknown) => boolean, expected: string, each?: 'each']

/** What follows when fields do not keep to their rules. */
export interface Judge {
  fail(where: string, expected: string, got: unknown): Error
  /** A name without a rule: throws, or lets it be left out. */
  unknown(where: string, known: string[]): void
}

/** The error for what people hand in; `message` says what, where, and what to do. */
export function refusal(code: FailureCode, message: string): FailoverError {
  return new FailoverError({ code, message: `Outrigger: ${message}`, tries: [] })
}

/** The one sentence for everything that is not what it should be. */
export function mustBe(expected: string, got: unknown): string {
  return `must be ${expected}; it is ${show(got)}`
}

function show(value: unknown): string {
  // A user name and a password are nobody's business.
  if (typeof value === 'string') return JSON.stringify(value.replace(/\/\/\S*@/, '//…@').slice(0, 80))
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (value === undefined) return 'missing'
  return Object(value) === value ? `some ${typeof value}` : String(value)
}

/** The fields that have rules and keep them; a field that is `undefined` counts as absent. */
export function checkFields(
  fields: Fields,
  rules: Readonly<Record<string, Rule>>,
  judge: Judge,
  path = '',
  required: readonly string[] = [],
): Fields {
  const kept: Fields = {}
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue
    if (!Object.hasOwn(rules, name)) judge.unknown(path + name, Object.keys(rules))
    else {
      check(value, rules[name]!, path + name, judge)
      kept[name] = value
    }
  }
  for (const name of required) if (kept[name] === undefined) throw judge.fail(path + name, rules[name]![1], undefined)
  return kept
}

function check(value: unknown, [fits, expected, each]: Rule, where: string, judge: Judge): void {
  if (!each) {
    if (!fits(value)) throw judge.fail(where, expected, value)
  } else if (Array.isArray(value)) {
    // One alone may have been written without an array.
    value.forEach((item, i) => void check(item, [fits, expected], value.length > 1 ? `${where}[${i}]` : where, judge))
  } else throw judge.fail(where, 'an array', value)
}

export function isText(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== ''
}

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
