/** One token of JSON and the blanks before it. */
const token = new RegExp(
  [
    String.raw`[ \t\r\n]*(?:([{}[\],:])`,
    String.raw`("[ !#-[\]-\uffff]*(?:\\(?:["\\/bfnrt]|u[\da-fA-F]{4})[ !#-[\]-\uffff]*)*")`,
    String.raw`-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?`,
    'true|false|null)',
  ].join('|'),
  'y',
)

/**
 * Where a text stops being JSON, as `line:column` counted from 1. Engines word this
 * differently, and WebKit not at all, so it is found here.
 */
export function jsonErrorAt(text: string): string {
  const at = offsetOfError(text)
  const until = text.slice(0, at + text.slice(at).search(/[^ \t\r\n]|$/))
  const lines = until.split('\n')
  return `${lines.length}:${lines.at(-1)!.length + 1}`
}

/** Walks over the tokens; what may come next follows from the one before and the bracket around. */
function offsetOfError(text: string): number {
  const open: string[] = []
  let next: 'value' | 'first' | 'key' | 'first key' | ':' | 'more' = 'value'
  let at = 0
  for (;;) {
    token.lastIndex = at
    const match = token.exec(text)
    if (!match) return at
    const [whole, mark, string] = match
    if (mark === '}' || mark === ']') {
      const fits = open.at(-1) === (mark === '}' ? '{' : '[')
      if (!fits || !(next === 'more' || next === (mark === '}' ? 'first key' : 'first'))) return at
      open.pop()
      next = 'more'
    } else if (mark === ',') {
      if (next !== 'more' || !open.length) return at
      next = open.at(-1) === '{' ? 'key' : 'value'
    } else if (mark === ':') {
      if (next !== ':') return at
      next = 'value'
    } else if (next === 'key' || next === 'first key') {
      if (!string) return at
      next = ':'
    } else {
      if (next !== 'value' && next !== 'first') return at
      if (mark) open.push(mark)
      next = mark === '{' ? 'first key' : mark === '[' ? 'first' : 'more'
    }
    at += whole.length
  }
}
