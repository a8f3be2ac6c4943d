/** True for a navigation that an app answers by its one page: no file name with an ending, HTML is wanted. */
export function isAppRoute(url: URL, accept: string | null): boolean {
  const last = url.pathname.slice(url.pathname.lastIndexOf('/') + 1)
  if (last.includes('.') && !/\.x?html?$/i.test(last)) return false
  return !accept || /text\/html|\*\/\*/.test(accept)
}

/** The places above a path whose page may stand in for it, nearest first, none outside the scope. */
export function placesAbove(url: URL, scope: string): string[] {
  const top = new URL(scope).pathname
  const places: string[] = []
  let path = url.pathname
  while (path.length > 1) {
    path = path.slice(0, path.lastIndexOf('/', path.length - 2) + 1)
    places.push(path, path.slice(0, -1))
  }
  return places.filter(place => place.startsWith(top)).map(place => url.origin + place)
}
