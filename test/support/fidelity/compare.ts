import type { EngineName } from '../engines/find.mjs'
import type { Case, Exception } from './case.ts'
import type { Seen } from './kit.ts'

/** What a page saw without a worker, behind one that only passes through (where that is asked for), and behind ours. */
export interface Sights {
  none: Seen
  through?: Seen
  healthy: Seen
  dead: Seen
}

/** The exceptions of a case that hold in this engine. */
export function exceptionsOf({ exceptions = [] }: Case, engine: EngineName): Exception[] {
  return exceptions.filter(({ engines }) => !engines || engines.includes(engine))
}

/** A copy without what is at these places. */
export function without(seen: Seen, places: string[]): Seen {
  if (places.includes('')) return 'left out'
  const copy = structuredClone(seen)
  for (const place of places) {
    const path = place.split('/')
    const name = path.pop()!
    const holder = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)?.[key], copy)
    if (holder && typeof holder === 'object') delete (holder as Record<string, unknown>)[name]
  }
  return copy
}

/** What is at a place; the whole for an empty one. */
export function at(seen: Seen, place: string): Seen {
  if (!place) return seen
  return place.split('/').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], seen)
}
