import axios from 'axios'

const client = axios.create({ adapter: 'fetch' })

export const read = async n => (await client.get(`/api/echo/${n}`)).data

export const write = async (id, headers) => (await client.post('/api/write', { id }, { headers })).data.applied
