/**
 * A number in (0, 1) that belongs to this text for ever: cyrb53, 53 bits, by
 * bryc (public domain), which passes the avalanche tests that FNV-1a fails on short keys.
 */
export function hashToUnit(text: string): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = Math.imul(a ^ code, 2654435761)
    b = Math.imul(b ^ code, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return ((b & 0x1fffff) * 0x100000000 + (a >>> 0) + 0.5) / 2 ** 53
}

/**
 * Weighted rendezvous score: higher comes first. Each server wins with probability
 * weight / sum of weights, and when one leaves, only its own clients move
 * (Thaler and Ravishankar; the weighted form is -w / ln u).
 */
export function rendezvousScore(salt: string, id: string, weight: number): number {
  return -weight / Math.log(hashToUnit(`${salt} ${id}`))
}
