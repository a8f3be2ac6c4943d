import { beforeAll, describe, expect, test } from 'vitest'
import { engineName } from '../browser.ts'
import { full } from '../full.ts'
import type { Case } from './case.ts'
import { at, exceptionsOf, type Sights, without } from './compare.ts'
import { lookAtAll } from './settings.ts'

/** Declares the tests: each case looks to the page as it does without a worker, but for its exceptions. */
export function fidelity(title: string, all: readonly Case[]): void {
  const only = process.env.FIDELITY_ONLY
  const cases = all.filter(one => (full || !one.full) && (!only || one.name.includes(only)))
  let sights: Map<string, Sights>

  beforeAll(async () => {
    sights = await lookAtAll(cases)
  }, 600_000)

  describe(title, () => {
    test('every case has a name of its own', () => {
      expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
    })

    describe.each(cases)('$name', one => {
      const exceptions = exceptionsOf(one, engineName)
      const placesOf = (when: string) => exceptions.filter(one => one.when === when).map(({ at }) => at)
      const floor = placesOf('any worker')
      const always = [...floor, ...placesOf('ours')]
      const places = exceptions.map(({ at }) => at)

      test('shows something', () => {
        const { none } = sights.get(one.name)!
        expect(none).not.toMatchObject({ threw: expect.anything() })
        expect(none).not.toEqual({ hung: true })
        expect(none).not.toBeNull()
      })

      test('looks as without a worker while the primary is healthy', () => {
        const { none, through, healthy } = sights.get(one.name)!
        expect(without(healthy, always)).toEqual(without(none, always))
        for (const place of floor) expect(at(healthy, place), place).toEqual(at(through, place))
      })

      test('looks as without a worker while the primary is dead', () => {
        const { none, dead } = sights.get(one.name)!
        expect(without(dead, places)).toEqual(without(none, places))
      })

      if (exceptions.length > 0)
        test('differs where it is said to', () => {
          const { none, healthy, dead } = sights.get(one.name)!
          for (const { at: place, when } of exceptions)
            expect(at(when && when !== 'dead' ? healthy : dead, place), place).not.toEqual(at(none, place))
        })
    })
  })
}
