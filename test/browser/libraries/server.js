import { text } from 'node:stream/consumers'
import { runFaultyServer } from '../../../src/node/faulty-server.ts'

const protocols = {
  '/api/rest/': rest,
  '/api/graphql': query,
  '/api/trpc/': procedure,
  '/api/fragment': fragment,
  '/api/files': file,
  '/api/1/indexes/': search,
}

async function answer(protocol, request, url, around) {
  return protocol({ ...around, request, url, body: await text(request) })
}

const reply = (value, status = 200, type = 'application/json', headers = {}) => ({
  status,
  headers: { 'content-type': type, ...headers },
  body: Buffer.from(value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value)),
})

/** PostgREST: a filter by id, or an insert. */
async function rest({ request, url, body, index, apply }) {
  if (request.method === 'POST') {
    await apply(JSON.parse(body).id)
    return reply(undefined, 201, 'application/json', { 'content-range': '*/*' })
  }
  const id = url.searchParams.get('id').replace('eq.', '')
  return reply([{ id: Number(id), server: index }], 200, 'application/json; charset=utf-8', {
    'content-range': '0-0/*',
  })
}

const types = `
  type Order { id: Int!, server: Int! }
  type Query { order(id: Int!): Order }
  type Mutation { add(id: String!): String }
`

async function query({ request, url, body, index, apply }) {
  const { buildSchema, graphql } = await import('graphql')
  const schema = buildSchema(types)
  const asked = request.method === 'GET' ? Object.fromEntries(url.searchParams) : JSON.parse(body)
  const variables = typeof asked.variables === 'string' ? JSON.parse(asked.variables) : asked.variables
  const rootValue = {
    order: ({ id }) => ({ id, server: index }),
    add: async ({ id }) => {
      await apply(id)
      return id
    },
  }
  return reply(await graphql({ schema, source: asked.query, rootValue, variableValues: variables }))
}

async function procedure({ request: { method, headers }, url, body, ...around }) {
  const { initTRPC } = await import('@trpc/server')
  const { fetchRequestHandler } = await import('@trpc/server/adapters/fetch')
  const trpc = initTRPC.context().create()
  const router = trpc.router({
    order: trpc.procedure.input(Number).query(({ input, ctx }) => ({ id: input, server: ctx.index })),
    add: trpc.procedure.input(String).mutation(async ({ input, ctx }) => {
      await ctx.apply(input)
      return input
    }),
  })
  const asked = new Request(url, { method, headers: plain(headers), ...(body && { body }) })
  const answer = await fetchRequestHandler({
    endpoint: '/api/trpc',
    req: asked,
    router,
    createContext: () => around,
  })
  return reply(await answer.text(), answer.status, answer.headers.get('content-type'))
}

const plain = ({ connection, 'transfer-encoding': coding, 'content-length': length, ...headers }) => headers

async function fragment({ request, url, body, index, apply }) {
  const posted = request.method === 'POST'
  const id = posted ? new URLSearchParams(body).get('id') : url.pathname.split('/').pop()
  if (posted) await apply(id)
  return reply(`<b data-server="${index}">${id}</b>`, 200, 'text/html; charset=utf-8')
}

/** A multipart form with a file, and its id in a field of its own. */
async function file({ body, index, apply }) {
  const id = /name="id"\r\n\r\n(.*)\r\n/.exec(body)[1]
  await apply(id)
  return reply({ url: `/files/${id}`, id, server: index })
}

/** Algolia: searches by `POST`, as records are added by `POST`. */
async function search({ url, body, index, apply }) {
  const asked = JSON.parse(body)
  if (url.pathname.endsWith('/queries')) {
    const hits = ({ query }) => ({ hits: [{ objectID: query, server: index }], nbHits: 1, query })
    return reply({ results: asked.requests.map(hits) })
  }
  await apply(asked.id)
  return reply({ createdAt: new Date().toISOString(), taskID: 1, objectID: asked.id }, 201)
}

/** Events for ever, one each 200 ms, each with its id. */
function events({ headers }, response, url, { index }) {
  let id = Number(headers['last-event-id'] ?? url.searchParams.get('from') ?? 0)
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'access-control-allow-origin': headers.origin ?? '*',
  })
  const next = () => response.write(`id: ${++id}\ndata: ${JSON.stringify({ id, server: index })}\n\n`)
  next()
  const timer = setInterval(next, 200)
  response.on('close', () => clearInterval(timer))
}

let engine

async function socket(request, response, { index }) {
  engine ??= startSockets(index)
  ;(await engine).handleRequest(request, response)
}

async function startSockets(index) {
  const [{ Server: Engine }, { Server }] = await Promise.all([import('engine.io'), import('socket.io')])
  const engine = new Engine({ cors: { origin: true } })
  const io = new Server()
  io.bind(engine)
  io.on('connection', one => {
    one.on('order', (id, answer) => answer({ id, server: index }))
  })
  return engine
}

// A server of the farm that also speaks what the libraries speak. What a library needs of its own is loaded when it first asks.
runFaultyServer(
  (request, response, around) => {
    if (request.method === 'OPTIONS') return false
    const url = new URL(request.url, 'http://server.invalid')
    if (url.pathname === '/api/events') events(request, response, url, around)
    else if (url.pathname === '/socket.io/') socket(request, response, around)
    else return false
    return true
  },
  (request, around) => {
    const url = new URL(request.url, 'http://server.invalid')
    const found = Object.entries(protocols).find(([prefix]) => url.pathname.startsWith(prefix))
    return found && answer(found[1], request, url, around)
  },
)
