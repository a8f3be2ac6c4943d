import { createFailover } from '../../../dist/fetch.js'
import { allServers, serve, server } from './serve.js'

const { fetch, update } = createFailover({ servers: allServers() })

serve(async n => {
  const response = await fetch(`${server(0)}/api/bench?n=${n}`)
  if (!response.ok) throw new Error(`answered ${response.status}`)
  return response.json()
}, update())
