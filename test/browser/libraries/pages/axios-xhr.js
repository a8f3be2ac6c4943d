import axios from 'axios'

export const read = async n => (await axios.get(`/api/echo/${n}`)).data

export const write = async (id, headers) => (await axios.post('/api/write', { id }, { headers })).data.applied
