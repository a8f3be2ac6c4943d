/** Path segments that name one thing among many: numbers, UUIDs, hashes, long tokens. */
const ID = /^(\d+|[\da-f]{8,}|(?=.*\d)[\w-]{16,})$/i

/** What requests are alike: method and path, ids replaced, query left out. */
export function kindOf(method: string, url: string): string {
  const path = pathOf(url)
  const kind = path
    .split('/')
    .map(part => (ID.test(part) ? '*' : part))
    .join('/')
  return `${method} ${kind}`
}

/** The path of an absolute URL, without query and fragment. */
export function pathOf(url: string): string {
  return new URL(url).pathname
}
