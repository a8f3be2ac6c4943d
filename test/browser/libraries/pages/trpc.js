import { createTRPCClient, httpBatchLink, httpLink, splitLink } from '@trpc/client'

const url = '/api/trpc'
const client = createTRPCClient({
  links: [
    splitLink({
      condition: ({ type }) => type === 'mutation',
      // Not in a batch, so that each has a key of its own.
      true: httpLink({ url, headers: ({ op }) => op.context.headers }),
      false: httpBatchLink({ url }),
    }),
  ],
})

export async function read(n) {
  const { id, server } = await client.order.query(n)
  return { n: id, server }
}

export const write = (id, headers) => client.add.mutate(id, { context: { headers } })
