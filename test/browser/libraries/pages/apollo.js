import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client'

const client = new ApolloClient({
  link: new HttpLink({ uri: '/api/graphql', useGETForQueries: true }),
  cache: new InMemoryCache(),
})

const ORDER = gql`query Order($id: Int!) { order(id: $id) { id server } }`
const ADD = gql`mutation Add($id: String!) { add(id: $id) }`

export async function read(n) {
  const { data } = await client.query({ query: ORDER, variables: { id: n } })
  return { n: data.order.id, server: data.order.server }
}

export async function write(id, headers) {
  const { data } = await client.mutate({ mutation: ADD, variables: { id }, context: { headers } })
  return data.add
}
