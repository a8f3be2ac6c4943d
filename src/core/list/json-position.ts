const text = /"(?:[^"\\]|\\.)*"/y
const scalar = /"(?:[^"\\]|\\.)*"|[^ \t\r\n{}[\],:"]+/y
const blanks = /[ \t\r\n]*/y

/**
 * The offset at which a text stops being JSON. Engines tell it differently, and WebKit not at all.
 *
 * Reads as far as it can, value by value; whether a word, a number or a string is right is asked of `JSON.parse`.
 */
export function jsonErrorAt(json: string): number {
  let at = 0

  function skip(length: number): true {
    blanks.lastIndex = at + length
    blanks.test(json)
    at = blanks.lastIndex
    return true
  }

  const take = (mark: string) => json[at] === mark && skip(1)

  function readBy(pattern: RegExp): void {
    pattern.lastIndex = at
    const [found = ''] = pattern.exec(json) ?? []
    JSON.parse(found)
    skip(found.length)
  }

  function readAll(open: string, close: string, read: () => void): boolean {
    if (!take(open)) return false
    if (take(close)) return true
    do read()
    while (take(','))
    if (!take(close)) throw close
    return true
  }

  function readMember(): void {
    readBy(text)
    if (!take(':')) throw text
    readValue()
  }

  function readValue(): void {
    if (!readAll('{', '}', readMember) && !readAll('[', ']', readValue)) readBy(scalar)
  }

  try {
    skip(0)
    readValue()
  } catch {
    // It stands where it could not go on; a text nested too deeply for this stack is one, too.
  }
  return at
}
