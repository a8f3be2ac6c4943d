import createClient from 'openapi-fetch'

const client = createClient({ baseUrl: '/api/' })

export async function read(n) {
  const { data, error } = await client.GET('/echo/{n}', { params: { path: { n } } })
  if (error) throw new Error(JSON.stringify(error))
  return data
}

export async function write(id, headers) {
  const { data, error } = await client.POST('/write', { body: { id }, headers })
  if (error) throw new Error(JSON.stringify(error))
  return data.applied
}
