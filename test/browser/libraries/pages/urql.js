import { Client, cacheExchange, fetchExchange, gql } from '@urql/core'

const client = new Client({
  url: '/api/graphql',
  exchanges: [cacheExchange, fetchExchange],
  preferGetMethod: 'within-url-limit',
})

const ORDER = gql`query Order($id: Int!) { order(id: $id) { id server } }`
const ADD = gql`mutation Add($id: String!) { add(id: $id) }`

export async function read(n) {
  const { data, error } = await client.query(ORDER, { id: n }).toPromise()
  if (error) throw error
  return { n: data.order.id, server: data.order.server }
}

export async function write(id, headers) {
  const { data, error } = await client.mutation(ADD, { id }, { fetchOptions: { headers } }).toPromise()
  if (error) throw error
  return data.add
}
