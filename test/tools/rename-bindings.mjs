// Gives the variables of a built classic script the names that gzip packs best: what reads alike costs little the second
// time, and a minifier chooses names for their length alone. Every name stays as long as it was, so that each byte stays
// where it stood and the source map stays true.
import { bindingsOf } from './bindings.mjs'
import { Grams } from './grams.mjs'
import { seeded } from './park-miller.mjs'

/** Names of one letter, those that minified scripts know best first: they are tried most. */
const LETTERS = 'etnrioascldupmfhgvbyxwkjqzESTNRIOACLDUPMFHGVBYXWKJQZ_$'

/** By so many grams may one exchange make the script worse in the beginning, as a rule; less and less later. */
const WARMTH = 3

/** So many variables change their names together at the most. */
const MOST = 60

/**
 * Exchanges two names again and again, and keeps what repeats itself better. The same script gets the same names.
 *
 * @param {string} code
 * @param {number} steps how many exchanges are tried
 */
export function renameBindings(code, steps) {
  const bindings = bindingsOf(code)
  const names = bindings.map(({ name }) => name)
  const short = indices(names, name => name.length === 1)
  const long = indices(names, name => name.length > 1)
  if (!short.length) return code
  const grams = new Grams(code)
  const random = seeded()
  const oneOf = list => list[Math.floor(random() * list.length)]

  /** All that change names when one does: what stands beside it under the new name takes the old one, and so on. */
  function together(index, name) {
    const old = names[index]
    const all = new Set([index])
    for (const at of all) {
      const { neighbours, taken, fixed } = bindings[at]
      if (fixed || all.size > MOST || taken.has(names[at] === old ? name : old)) return undefined
      for (const other of neighbours) if (names[other] === old || names[other] === name) all.add(other)
    }
    return [...all]
  }

  /** @returns how many grams more there are */
  function exchange(all, one, other) {
    return grams.change(
      all.flatMap(index => bindings[index].places),
      one.length,
      () => {
        for (const index of all) {
          names[index] = names[index] === one ? other : one
          for (const place of bindings[index].places) grams.write(place, names[index])
        }
      },
    )
  }

  for (let step = 0; step < steps; step++) {
    const amongLong = long.length > 1 && random() < 0.15
    const index = oneOf(amongLong ? long : short)
    const [old, name] = [
      names[index],
      amongLong ? names[oneOf(long)] : LETTERS[Math.floor(random() ** 2 * LETTERS.length)],
    ]
    if (old === name || old.length !== name.length) continue
    const all = together(index, name)
    if (!all) continue
    const more = exchange(all, old, name)
    const warmth = WARMTH * Math.max(0, 1 - (1.1 * step) / steps)
    if (more > 0 && random() >= Math.exp(-more / warmth)) exchange(all, old, name)
  }
  return grams.text
}

const indices = (list, test) => list.flatMap((value, index) => (test(value) ? [index] : []))
