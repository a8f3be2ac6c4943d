import { FailoverError } from '../errors.ts'

/** A list that may not be used: which file, where in it, what is wrong, what to do. */
export function badList(file: string, where: string, problem: string): FailoverError {
  const message = `Outrigger: server list ${file}${where && ` at ${where}`}: ${problem}`
  return new FailoverError({ code: 'bad-list', message, tries: [] })
}
