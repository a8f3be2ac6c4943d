/** Path segments that name one thing among many: numbers, UUIDs, hashes, long tokens. */
const ID = /^(?:\d+|[0-9a-f]{8,}|[0-9a-f]{8}(?:-[0-9a-f]{4,12}){4}|(?=.*\d)[\w-]{16,})$/i

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
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start < 0) return '/'
  const end = url.slice(start).search(/[?#]/)
  return end < 0 ? url.slice(start) : url.slice(start, start + end)
}
