import { refusal } from '../check.ts'
import type { FailoverError } from '../errors.ts'

/** A list that may not be used: which file, where in it, what is wrong and what to do. */
export function badList(file: string, where: string, problem: string): FailoverError {
  return refusal('bad-list', `server list ${file}${where && ` at ${where}`}: ${problem}`)
}
