/**
 * The URL of the script that a stack trace starts in. A classic script in a worker has no
 * other way to learn its own: `self.location` is that of the worker's main script, also
 * inside `importScripts`.
 */
export function scriptUrl(stack: string | undefined): string | undefined {
  return /(https?:\/\/\S+?):\d+(?::\d+)?\)?$/m.exec(stack ?? '')?.[1]
}
