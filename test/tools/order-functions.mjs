// Puts the functions of a built classic script into an order that gzip packs better: it sees 32 kB back, and what is near
// costs it fewer bits. Function declarations are hoisted, so that their order means nothing to the script.
import { gzipSync } from 'node:zlib'
import { decode, encode } from '@jridgewell/sourcemap-codec'
import { parseAst } from 'rolldown/parseAst'
import { seeded } from './park-miller.mjs'

/**
 * @param {string} code a function that calls itself, the functions to order at the top of it
 * @param {string} mappings of its source map
 * @param {number} steps how many orders are tried
 * @returns {{ code: string, mappings: string }}
 */
export function orderFunctions(code, mappings, steps) {
  const body = bodyOf(parseAst(code))
  const pieces = body.body.map(({ type, start, end, id }) => {
    const text = code.slice(start, end)
    return {
      start,
      // An empty statement more does no harm.
      text: type === 'FunctionDeclaration' || text.endsWith(';') ? text : `${text};`,
      moves: type === 'FunctionDeclaration',
      name: id?.name,
    }
  })
  const names = pieces.filter(({ moves }) => moves).map(({ name }) => name)
  if (new Set(names).size < names.length)
    throw new Error('two functions of one name: the later one must stay the later')
  const head = { start: 0, text: code.slice(0, body.start + 1), moves: false }
  const tail = { start: body.end - 1, text: code.slice(body.end - 1), moves: false }
  const ordered = [head, ...search(pieces, head.text, tail.text, steps), tail]
  return { code: ordered.map(({ text }) => text).join(''), mappings: mapped(ordered, code, mappings) }
}

/** So many bytes may one move cost in the beginning, less and less later, and nothing in the last fifth: small hollows are left again. */
const UPHILL_BYTES = 3.5

/** Tries one move after another and keeps what costs no more than is allowed by then. The same script gets the same order. */
function search(pieces, head, tail, steps) {
  const size = order => gzipSync(head + order.map(({ text }) => text).join('') + tail, { level: 9 }).length
  const movable = pieces.flatMap(({ moves }, at) => (moves ? [at] : []))
  if (movable.length < 2) return pieces
  const random = seeded()
  let best = pieces
  let least = size(pieces)
  let current = best
  let bytes = least
  for (let step = 0; step < steps; step++) {
    const order = [...current]
    const from = Math.floor(random() * order.length)
    if (!order[from].moves) continue
    // What stands well together moves together.
    let to = from + 1
    while (order[to]?.moves && random() < 0.4) to++
    const moving = order.splice(from, to - from)
    // Never before the first, which may be a directive.
    order.splice(1 + Math.floor(random() * order.length), 0, ...moving)
    const reached = size(order)
    if (reached > bytes + Math.max(0, UPHILL_BYTES * (1 - (1.25 * step) / steps))) continue
    bytes = reached
    current = order
    if (bytes < least) [least, best] = [bytes, current]
  }
  return best
}

/** The statements of `(function () { … })()`, or of `var x = (function () { … })()`. */
function bodyOf({ body }) {
  const statement = body.find(({ type }) => type !== 'EmptyStatement')
  let node = statement.expression ?? statement.declarations[0].init
  // A function's `expression` is a boolean.
  while (node.type !== 'BlockStatement') node = node.callee ?? (node.expression || node.body)
  return node
}

/** Moves what the map says of each piece to where it stands now. */
function mapped(pieces, code, mappings) {
  const from = lineStarts(code)
  const segments = decode(mappings).flatMap((line, at) => line.map(([column, ...rest]) => [from[at] + column, ...rest]))
  const to = lineStarts(pieces.map(({ text }) => text).join(''))
  const lines = to.map(() => [])
  let at = 0
  for (const { start, text } of pieces) {
    for (const [offset, ...rest] of segments) {
      if (offset < start || offset >= start + text.length) continue
      const moved = offset + at - start
      const line = to.findLastIndex(begins => begins <= moved)
      lines[line].push([moved - to[line], ...rest])
    }
    at += text.length
  }
  return encode(lines)
}

/** Where the lines begin: a text in backticks may hold a line's end. */
function lineStarts(code) {
  return [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)]
}
