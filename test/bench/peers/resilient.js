import resilient from 'resilient'
import { allServers, serve } from './serve.js'

const client = resilient({ service: { servers: allServers() } })

serve(
  n =>
    new Promise((resolve, reject) =>
      client.get(`/api/bench?n=${n}`, (error, response) => (error ? reject(error) : resolve(response.data))),
    ),
)
