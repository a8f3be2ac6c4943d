// The variables of a built classic script, and which of them may not bear one name.
import { analyze } from 'eslint-scope'
import { parseAst } from 'rolldown/parseAst'

/**
 * @typedef {object} Binding
 * @property {string} name
 * @property {number[]} places where it stands in the script
 * @property {number[]} neighbours the bindings seen where this one is seen: none may have its name
 * @property {Set<string>} taken names that mean something from outside wherever it is seen
 * @property {boolean} fixed whether its name is a property's as well, as in `{ a }`, or another binding's in the same place, as a class's
 */

/**
 * @param {string} code
 * @returns {Binding[]} none of those that other scripts see
 */
export function bindingsOf(code) {
  const script = parseAst(code, { range: true, preserveParens: false })
  const { scopes } = analyze(script, { ecmaVersion: 2022 })
  const shared = new Set(shorthands(script))
  const [outermost, ...inner] = scopes
  const variables = inner.flatMap(scope => scope.variables.filter(({ defs }) => defs.length))
  const seenIn = variables.map(scopesOf)
  const seenAt = new Map(inner.map(scope => [scope, []]))
  for (const [index, itsScopes] of seenIn.entries()) for (const scope of itsScopes) seenAt.get(scope).push(index)
  const foreign = new Map(inner.map(scope => [scope, new Set()]))
  const hoisted = new Set(variables.filter(isHoisted).map(({ name }) => name))
  for (const { identifier, from } of outermost.through) {
    if (hoisted.has(identifier.name)) throw new Error(`"${identifier.name}" may be a function of a block before it`)
    for (let scope = from; scope !== outermost; scope = scope.upper) foreign.get(scope).add(identifier.name)
  }
  const placesOf = variables.map(({ identifiers, references }) => {
    const nodes = [...identifiers, ...references.map(({ identifier }) => identifier)]
    return [...new Set(nodes.map(({ range }) => range[0]))]
  })
  const met = new Set()
  for (const place of placesOf.flat()) met.has(place) ? shared.add(place) : met.add(place)

  return variables.map(({ name }, index) => {
    const itsScopes = [...seenIn[index]]
    const neighbours = new Set(itsScopes.flatMap(scope => seenAt.get(scope)))
    neighbours.delete(index)
    return {
      name,
      places: placesOf[index],
      neighbours: [...neighbours],
      taken: new Set(itsScopes.flatMap(scope => [...foreign.get(scope)])),
      fixed: placesOf[index].some(place => shared.has(place)),
    }
  })
}

/** Where a variable is seen: the scope that declares it, and all from there to each place that uses it. */
function scopesOf(variable) {
  const { scope: own, references } = variable
  const scopes = new Set([own])
  const hoisted = isHoisted(variable) && own.variableScope
  for (const from of [...references.map(({ from }) => from), ...(hoisted ? [own] : [])])
    for (let scope = from; scope !== (hoisted || own).upper; scope = scope.upper) scopes.add(scope)
  return scopes
}

/** Without "use strict" a function declared in a block is a variable of the whole function as well. */
function isHoisted({ scope, defs }) {
  return scope !== scope.variableScope && defs.some(({ type }) => type === 'FunctionName')
}

/** Where the properties begin that are named by a variable alone. */
function shorthands(node) {
  if (!node || typeof node !== 'object') return []
  const own = node.shorthand ? [node.range[0]] : []
  return [...own, ...Object.values(node).flatMap(shorthands)]
}
