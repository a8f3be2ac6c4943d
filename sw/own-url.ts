/**
 * The URL of the script that a stack trace starts in. A classic script in a worker has no
 * other way to learn its own: `main`, which is `self.location`, is that of the worker's main script,
 * also inside `importScripts`. WebKit's traces leave the query out.
 */
export function scriptUrl(stack: string | undefined, main: string): string {
  const traced = /(https?:\/\/\S+?):\d+(:\d+)?\)?$/m.exec(stack ?? '')?.[1] ?? main
  return main.startsWith(traced) ? main : traced
}
