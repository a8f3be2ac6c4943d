import { MutationObserver, QueryClient } from '@tanstack/query-core'

const client = new QueryClient()

async function json(url, init) {
  const response = await fetch(url, init)
  if (!response.ok) throw new Error(`answered ${response.status}`)
  return response.json()
}

export const read = n =>
  client.fetchQuery({ queryKey: ['order', n], queryFn: ({ signal }) => json(`/api/echo/${n}`, { signal }) })

export async function write(id, headers) {
  const mutationFn = body => json('/api/write', { method: 'POST', headers, body: JSON.stringify(body) })
  return (await new MutationObserver(client, { mutationFn }).mutate({ id })).applied
}
