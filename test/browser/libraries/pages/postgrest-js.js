import { PostgrestClient } from '@supabase/postgrest-js'

const postgrest = new PostgrestClient(`${location.origin}/api/rest`)

export async function read(n) {
  const { data, error } = await postgrest.from('orders').select('id,server').eq('id', n)
  if (error) throw new Error(error.message)
  return { n: data[0].id, server: data[0].server }
}

export async function write(id, headers) {
  const insert = postgrest.from('orders').insert({ id })
  for (const [name, value] of Object.entries(headers)) insert.setHeader(name, value)
  const { error } = await insert
  if (error) throw new Error(error.message)
  return id
}
