import type { ServerResponse } from 'node:http'

/** Lets a page of another origin read all headers set so far, but for those named `x-hidden…`. */
export function expose(response: ServerResponse): void {
  const names = response.getHeaderNames().filter(name => !/^(x-hidden|access-control-|vary$|set-cookie)/.test(name))
  if (names.length > 0) response.setHeader('access-control-expose-headers', names.join(', '))
}
