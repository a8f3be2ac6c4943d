declare const self: ServiceWorkerGlobalScope

/**
 * Takes note of the cookies that scripts may read; the returned function tells whether
 * one of them has appeared or changed since. False where the browser has no `cookieStore`.
 */
export function watchCookies(): () => Promise<boolean> {
  const before = readCookies()
  return async () => (await before) !== (await readCookies())
}

async function readCookies(): Promise<string> {
  try {
    const cookies = (await self.cookieStore?.getAll()) ?? []
    return JSON.stringify(cookies.map(({ name, value }) => [name, value]))
  } catch {
    return ''
  }
}
