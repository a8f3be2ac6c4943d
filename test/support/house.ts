import { extname } from 'node:path'
import { parseSync, transformSync } from 'rolldown/utils'

/** A part of a parsed file; only what is looked at. */
interface Node {
  type: string
  start: number
  end: number
  name?: string
  value?: unknown
  computed?: boolean
  shorthand?: boolean
  [key: string]: unknown
}

type Visit = (node: Node, parent: Node | undefined, key: string) => void

function walk(node: Node, visit: Visit, parent?: Node, key = ''): void {
  visit(node, parent, key)
  for (const [name, inner] of Object.entries(node))
    for (const child of [inner].flat())
      if (typeof child === 'object' && child !== null && 'type' in child) walk(child as Node, visit, node, name)
}

function parse(file: string, text: string): Node {
  const { program, errors } = parseSync(file, text)
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`)
  return program as unknown as Node
}

const importing =
  /^(Import(Declaration|Expression)|Export(Named|All)Declaration|TSImportType|TSExternalModuleReference)$/

/** What a file imports, types and exports from elsewhere included, as written; `undefined` for what is only known when it runs. */
export function importsOf(file: string, text: string): (string | undefined)[] {
  const found: (string | undefined)[] = []
  walk(parse(file, text), node => {
    const from = node.source ?? node.expression
    if (importing.test(node.type) && from) found.push((from as Node).value as string | undefined)
  })
  return found
}

/**
 * The names that the running code of a file takes from outside of it, with the member asked for where that is written
 * plainly: `Date.now`, `Math.max`, `console.log`.
 */
export function globalsOf(file: string, text: string): string[] {
  const js = extname(file).includes('ts') ? transformSync(file, text, { sourcemap: false }).code : text
  const program = parse('file.js', js)
  const own = new Set<string>()
  const used: string[] = []
  walk(program, (node, parent, key) => {
    if (node.type === 'MetaProperty') used.push('import.meta')
    // By way of it any text becomes code.
    if ((node.name ?? node.value) === 'constructor' && parent?.type !== 'MethodDefinition') used.push('.constructor')
    if (node.type !== 'Identifier' || !parent || isWord(parent, key)) return
    else if (isNaming(parent, key)) for (const name of namesIn(node)) own.add(name)
    else used.push(withMember(node, parent, key))
  })
  walk(program, node => {
    const patterns = [node.params, node.param, node.type === 'VariableDeclarator' ? node.id : undefined].flat()
    for (const pattern of patterns) for (const name of namesIn(pattern as Node)) own.add(name)
  })
  return [...new Set(used)].filter(name => !own.has(name.split('.', 1)[0]!)).sort()
}

/** A mere word: the name of a member, a key, or what another file calls something. */
function isWord(parent: Node, key: string): boolean {
  if (key === 'property' || key === 'key') return !parent.computed && !parent.shorthand
  return key === 'imported' || key === 'label' || /^(ExportSpecifier|MetaProperty)$/.test(parent.type)
}

function isNaming(parent: Node, key: string): boolean {
  return key === 'local' ? parent.type.startsWith('Import') : key === 'id'
}

/** Every name that a pattern such as `{ a, b: [c = 1] }` gives. */
function namesIn(pattern: Node | undefined | null): string[] {
  if (!pattern) return []
  if (pattern.type === 'Identifier') return [pattern.name!]
  const parts = [pattern.properties, pattern.elements, pattern.argument, pattern.left]
  if (pattern.type === 'Property') parts.push(pattern.value)
  return parts.flat().flatMap(part => namesIn(part as Node | undefined))
}

function withMember({ name }: Node, parent: Node, key: string): string {
  const member = key === 'object' && !parent.computed ? (parent.property as Node).name : undefined
  return member ? `${name}.${member}` : name!
}
