import { refusal } from '../core/check.ts'

/** What stands before the `@` of a URL's host. A password may hold a slash by mistake, a port does not. */
const USER = /\/\/[^/?#\s]*(:(?!\d)\S*)?@/g

/** What is said of a URL with a user in it. */
export const noSecrets = 'must hold no user name or password: anyone can read it'

/** The same text, fit to be shown: URLs in it without user name and password. */
export function hideSecrets(text: string): string {
  return text.replace(USER, '//…@')
}

/** @throws FailoverError with code `bad-option` that names the option and does not show its value */
export function refuseSecrets(settings: object): void {
  for (const [name, value] of Object.entries(settings)) {
    const text = JSON.stringify(value) ?? ''
    if (hideSecrets(text) !== text) throw refusal('bad-option', `option "${name}" ${noSecrets}`)
  }
}
