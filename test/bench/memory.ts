import { readdirSync, readFileSync } from 'node:fs'

/** Resident memory in MB of all processes below this one, but for the tree of `without`. Linux alone: reads `/proc`. */
export function browserMemory(without: number): number {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? parentOf(name) : undefined
    if (parent !== undefined) parents.set(Number(name), parent)
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid)
    return pid !== without && parent !== undefined && (parent === process.pid || isBelow(parent))
  }
  return [...parents.keys()].filter(isBelow).reduce((sum, pid) => sum + resident(pid), 0)
}

function parentOf(pid: string): number | undefined {
  try {
    // The name before it may hold blanks and brackets.
    return Number(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').pop()!.split(' ')[1])
  } catch {
    return undefined // it has just ended
  }
}

function resident(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1_024
  } catch {
    return 0
  }
}

/** The highest that memory grows by while something goes on. */
export async function growthDuring(what: () => Promise<unknown>, without: number): Promise<number> {
  const before = browserMemory(without)
  let highest = before
  const timer = setInterval(() => {
    highest = Math.max(highest, browserMemory(without))
  }, 100)
  try {
    await what()
  } finally {
    clearInterval(timer)
  }
  return Math.max(highest, browserMemory(without)) - before
}
