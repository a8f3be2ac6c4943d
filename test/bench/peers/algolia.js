import { liteClient } from 'algoliasearch/lite'
import { allServers, serve } from './serve.js'

const hosts = allServers().map(server => {
  const { host, protocol } = new URL(server)
  return { url: host, protocol: protocol.slice(0, -1), accept: 'readWrite' }
})
const client = liteClient('bench', 'key', { hosts })

// Its own cache would answer the same query.
serve(n => client.search({ requests: [{ indexName: 'bench', query: String(n) }] }))
