import type { FarmServer } from './farm.ts'

/** While a server has a page here, its echoes and the writes to `/api/write/…` are not answered. */
export const HOLD = '/hold'

/** Has a server keep everybody waiting from now on. */
export const hold = (server: FarmServer) => server.setPage(HOLD, {})

/** Has it answer those who wait, as it would now. A stopped one answers nobody. */
export const release = (server: FarmServer) => server.setPage(HOLD, undefined)
