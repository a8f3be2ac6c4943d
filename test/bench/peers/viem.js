import { createPublicClient, fallback, http } from 'viem'
import { allServers, serve } from './serve.js'

const client = createPublicClient({ transport: fallback(allServers().map(server => http(`${server}/rpc`))) })

serve(n => client.request({ method: 'bench_read', params: [n] }))
