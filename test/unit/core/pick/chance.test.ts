import { expect, test } from 'vitest'
import { hashToUnit, rendezvousScore } from '../../../../src/core/pick/chance.ts'

const SALTS = 20_000
const weights = { 'https://a.example/': 1, 'https://b.example/': 2, 'https://c.example/': 1, 'https://d.example/': 4 }

function winner(salt: string, without?: string): string {
  const entries = Object.entries(weights).filter(([id]) => id !== without)
  const scored = entries.map(([id, weight]) => ({ id, score: rendezvousScore(salt, id, weight) }))
  return scored.sort((a, b) => b.score - a.score)[0]!.id
}

test('over 20,000 salts each server wins its weight’s share within three sigma', () => {
  const wins = new Map<string, number>()
  for (let salt = 0; salt < SALTS; salt++) {
    const id = winner(`salt${salt}`)
    wins.set(id, (wins.get(id) ?? 0) + 1)
  }
  for (const [id, weight] of Object.entries(weights)) {
    const share = weight / 8
    const sigma = Math.sqrt(SALTS * share * (1 - share))
    expect(Math.abs(wins.get(id)! - SALTS * share), id).toBeLessThan(3 * sigma)
  }
})

test('when a server leaves, only its own clients move, and to the others by their weights', () => {
  const gone = 'https://b.example/'
  const heirs = new Map<string, number>()
  let strays = 0
  for (let salt = 0; salt < SALTS; salt++) {
    const before = winner(`salt${salt}`)
    const after = winner(`salt${salt}`, gone)
    if (before === gone) heirs.set(after, (heirs.get(after) ?? 0) + 1)
    else if (after !== before) strays++
  }
  expect(strays).toBe(0)
  const moved = [...heirs.values()].reduce((sum, count) => sum + count, 0)
  const share = 4 / 6
  const off = Math.abs(heirs.get('https://d.example/')! - moved * share)
  expect(off).toBeLessThan(3 * Math.sqrt(moved * share * (1 - share)))
})

test('a hash lies strictly between 0 and 1, is the same each time, and fills ten bins evenly on short keys', () => {
  const bins = Array.from({ length: 10 }, () => 0)
  const units = Array.from({ length: SALTS }, (_, i) => hashToUnit(`${i}`))
  expect(units.filter(unit => unit <= 0 || unit >= 1)).toEqual([])
  for (const unit of units) bins[Math.floor(unit * 10)]!++
  const expected = SALTS / 10
  const chiSquare = bins.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  // 99.9 % of even spreads over ten bins lie below.
  expect(chiSquare).toBeLessThan(27.9)
  expect(hashToUnit('outrigger')).toBe(hashToUnit('outrigger'))
})

test('one bit of a short key changes each bit of the hash half of the time', () => {
  const bits = (text: string) => Math.floor(hashToUnit(text) * 2 ** 32)
  const flips = Array.from({ length: 32 }, () => 0)
  const keys = 4_000
  for (let key = 0; key < keys; key++) {
    const text = `${key}`
    const other = text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) ^ (1 << (key % 4)))
    const changed = bits(text) ^ bits(other)
    for (let bit = 0; bit < 32; bit++) if ((changed >>> bit) & 1) flips[bit]!++
  }
  for (const [bit, count] of flips.entries()) expect(Math.abs(count / keys - 0.5), `bit ${bit}`).toBeLessThan(0.04)
})
