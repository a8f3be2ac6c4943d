import { afterAll } from 'vitest'
import { createFarm, type Farm, type FarmOptions } from './farm.ts'

interface Kept {
  farm: Farm
  paths: string[]
  used: boolean
}

const kept = new Map<string, Kept>()
afterAll(() => Promise.all([...kept.values()].map(({ farm }) => farm.close())))

/**
 * The same, but its processes serve one test of the file after the other: `close` keeps them for the next that asks for
 * such servers. Close the clients of a test before: what they still send would reach the next.
 */
export async function createKeptFarm({ list, pages = {}, ...servers }: Omit<FarmOptions, 'script'>): Promise<Farm> {
  const key = JSON.stringify(servers)
  let one = kept.get(key)
  if (!one || one.used) {
    one = { farm: await createFarm(servers), paths: [], used: false }
    kept.set(key, one)
  }
  const own = one
  const { farm } = own
  own.used = true
  const setPage: Farm['setPage'] = (path, page) => {
    own.paths.push(path)
    return farm.setPage(path, page)
  }
  await farm.setList(list ?? {})
  for (const [path, page] of Object.entries(pages)) await setPage(path, page)
  await farm.settled()
  const before = farm.ledger().length
  for (const server of farm.servers) server.clear()
  return {
    ...farm,
    setPage,
    ledger: () => farm.ledger().slice(before),
    async close() {
      await Promise.all(farm.servers.map(server => server.restore()))
      for (const path of own.paths.splice(0)) await farm.setPage(path, undefined)
      farm.board.length = 0
      own.used = false
    },
  }
}
