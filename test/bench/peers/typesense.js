import { Client } from 'typesense'
import { allServers, serve } from './serve.js'

const [nearest, ...nodes] = allServers().map(url => ({ url }))
const client = new Client({ nearestNode: nearest, nodes, apiKey: 'key' })

serve(() => client.collections('bench').documents('1').retrieve())
