import ky from 'ky'

export const read = n => ky.get(`/api/echo/${n}`).json()

export const write = async (id, headers) => (await ky.post('/api/write', { json: { id }, headers }).json()).applied
