/** Pages whose own side has said something to this worker: those keep it awake while a body streams. */
export interface Pages {
  has(clientId: string): boolean
  greet(clientId: string): void
}

const MOST = 1_000

export function createPages(): Pages {
  const known = new Set<string>()
  return {
    has: clientId => known.has(clientId),
    greet(clientId) {
      known.add(clientId)
      if (known.size > MOST) known.delete(known.values().next().value!)
    },
  }
}
