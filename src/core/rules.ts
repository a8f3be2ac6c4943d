import { isRecord, type Rule } from './check.ts'
import { defaults } from './options.ts'
import type { Policy } from './types.ts'

/** The rules that options and server lists share. */

const policies: readonly Policy[] = ['primary', 'balanced', 'random']

export function oneOf(...words: readonly string[]): Rule {
  return [value => words.includes(value as string), `one of ${words.join(', ')}`]
}

/** A number that a rule can work with. */
const positive: Rule = [value => isPositive(value) && value < Number.POSITIVE_INFINITY, 'a number above 0']

export const yesOrNo: Rule = [value => typeof value === 'boolean', 'true or false']

export const policy: Rule = /* @__PURE__ */ oneOf(...policies)

/** A path is asked below each server. */
export const probe: Rule = [
  value => typeof value === 'string' && /^(https?:\/)?\/[^/]/.test(value) && URL.canParse(value, 'http://a.example'),
  'a path like /healthz, or a URL',
]

export const numbers: Rule = [isRecord, 'an object of numbers']

/** Each number of `Tuning`; one alone may be without end. */
export const tuning: Readonly<Record<string, Rule>> = {
  .../* @__PURE__ */ Object.fromEntries(Object.keys(defaults).map(name => [name, positive])),
  attemptTimeoutMs: [isPositive, positive[1]],
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && value > 0
}
