/**
 * A number in (0, 1) that belongs to this text for ever: MurmurHash3 (Appleby, public domain) with a character
 * a step, 32 bits. Its finalizer passes the avalanche test that FNV-1a fails on short keys.
 */
export function hashToUnit(text: string): number {
  let hash = text.length
  for (const character of text) {
    hash = Math.imul(hash ^ character.codePointAt(0)!, 3432918353)
    hash = (hash << 13) | (hash >>> 19)
  }
  hash = Math.imul(hash ^ (hash >>> 16), 2246822507)
  hash = Math.imul(hash ^ (hash >>> 13), 3266489909)
  return (((hash ^ (hash >>> 16)) >>> 0) + 0.5) / 2 ** 32
}

/**
 * Weighted rendezvous score: higher comes first. Each server wins with probability
 * weight / sum of weights, and when one leaves, only its own clients move
 * (Thaler and Ravishankar; the weighted form is -w / ln u).
 */
export function rendezvousScore(salt: string, id: string, weight: number): number {
  return -weight / Math.log(hashToUnit(`${salt} ${id}`))
}
