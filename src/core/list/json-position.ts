/** One token of JSON and the blanks before it; whether a word or a string is right is asked of `JSON.parse`. */
const token = /[ \t\r\n]*([{}[\],:]|"(?:[^"\\]|\\.)*"|[^ \t\r\n{}[\],:"]+)/y

const value = '{["0'

/**
 * The offset at which a text stops being JSON. Engines tell it differently, and WebKit not at all.
 *
 * Walks over the tokens: what may come next, each kind by its first mark (`0` for numbers and words),
 * follows from the one before and the bracket around.
 */
export function jsonErrorAt(text: string): number {
  const open: string[] = []
  let next = value
  let at = 0
  for (;;) {
    token.lastIndex = at
    const [whole = '', found = ''] = token.exec(text) ?? []
    const mark = /[{}[\],:"]/.test(found[0]!) ? found[0]! : '0'
    if (!found || !next.includes(mark) || !isRight(found, mark)) return at + text.slice(at).search(/[^ \t\r\n]|$/)
    at += whole.length
    if (mark === '{' || mark === '[') {
      open.push(mark === '{' ? '}' : ']')
      next = mark === '{' ? '"}' : `${value}]`
    } else if (mark === ',') next = open.at(-1) === '}' ? '"' : value
    else if (mark === ':') next = value
    else if (next[0] === '"' && mark === '"') next = ':'
    else {
      if (mark === '}' || mark === ']') open.pop()
      next = open.length ? `,${open.at(-1)}` : ''
    }
  }
}

function isRight(found: string, mark: string): boolean {
  if (mark !== '"' && mark !== '0') return true
  try {
    JSON.parse(found)
    return true
  } catch {
    return false
  }
}
