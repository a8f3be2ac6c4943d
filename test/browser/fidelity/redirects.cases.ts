import type { Case } from '../../support/fidelity/case.ts'

/** Redirects within one server. */
export const redirects: Case[] = [
  {
    name: 'each kind of redirect, followed',
    exceptions: [
      { at: '0/redirected', because: 'redirected', engines: ['webkit'] },
      { at: '1/redirected', because: 'redirected', engines: ['webkit'] },
      { at: '2/redirected', because: 'redirected', engines: ['webkit'] },
      { at: '3/redirected', because: 'redirected', engines: ['webkit'] },
      { at: '4/redirected', because: 'redirected', engines: ['webkit'] },
    ],
    async run(kit) {
      const seen = []
      for (const status of [301, 302, 303, 307, 308])
        seen.push(await kit.ask(kit.url('redirect', { status, to: kit.url('echo', { n: status }) })))
      return seen
    },
  },
  {
    name: 'a chain of redirects, and relative addresses',
    exceptions: [
      { at: '0/redirected', because: 'redirected', engines: ['webkit'] },
      { at: '1/redirected', because: 'redirected', engines: ['webkit'] },
    ],
    async run(kit) {
      const chain = kit.url('redirect', { to: kit.url('redirect', { to: kit.url('redirect', { to: 'echo?n=1' }) }) })
      return [await kit.ask(chain), await kit.ask(kit.url('redirect', { to: '../f/./echo' }))]
    },
  },
  {
    name: 'a redirect to an address outside of the API',
    exceptions: [{ at: 'redirected', because: 'redirected', engines: ['webkit'] }],
    run: async kit => {
      const { read, ...looks } = await kit.ask(kit.url('redirect', { to: '/servers.json?n=1' }))
      return { ...looks, headers: undefined, read: typeof read }
    },
  },
  {
    name: 'redirects that end in a 404, in nothing, and in a loop',
    exceptions: [
      { at: 'lost/redirected', because: 'redirected', engines: ['webkit'] },
      { at: 'empty/redirected', because: 'redirected', engines: ['webkit'] },
    ],
    async run(kit) {
      const lost = await kit.ask(kit.url('redirect', { to: kit.url('say', { status: 404, body: 'none' }) }))
      const empty = await kit.ask(kit.url('redirect', { to: kit.url('say', { status: 204 }) }))
      return { lost, empty, loop: await kit.ask(kit.url('loop')) }
    },
  },
  {
    name: 'the fragment across redirects',
    exceptions: [{ at: 'redirected', because: 'redirected', engines: ['webkit'] }],
    run: async kit => kit.ask(`${kit.url('redirect', { to: kit.url('echo') })}#here`),
  },
  {
    name: 'redirect: manual',
    async run(kit) {
      const id = kit.id()
      const seen = await kit.ask(kit.url('redirect', { id, to: '/api/f/echo' }), { redirect: 'manual' })
      const plain = await kit.ask(kit.url('echo'), { redirect: 'manual' })
      return { seen, plain, times: (await kit.arrivals(id)).length }
    },
  },
  {
    name: 'redirect: error, which the server is not blamed for',
    async run(kit) {
      const id = kit.id()
      const seen = await kit.ask(kit.url('redirect', { id, to: '/api/f/echo' }), { redirect: 'error' })
      const plain = await kit.ask(kit.url('echo'), { redirect: 'error' })
      return { seen, plain, times: (await kit.arrivals(id)).length }
    },
  },
  {
    name: 'HEAD that is redirected',
    exceptions: [{ at: 'redirected', because: 'redirected', engines: ['webkit'] }],
    run: async kit => kit.ask(kit.url('redirect', { to: kit.url('echo') }), { method: 'HEAD' }),
  },
  {
    name: 'a write that is redirected to a read',
    exceptions: [{ at: 'seen', because: 'redirected writes' }],
    async run(kit) {
      const id = kit.id()
      const seen = []
      for (const status of [301, 302, 303])
        seen.push(
          await kit.ask(kit.url('redirect', { id, status, to: kit.url('echo') }), { method: 'POST', body: 'a' }),
        )
      return { seen, times: (await kit.arrivals(id)).length }
    },
  },
  {
    name: 'a write that is redirected as a write',
    exceptions: [{ at: 'seen', because: 'redirected writes' }],
    async run(kit) {
      const id = kit.id()
      const seen = []
      for (const status of [307, 308])
        seen.push(
          await kit.ask(kit.url('redirect', { id, status, to: kit.url('echo') }), { method: 'POST', body: 'a' }),
        )
      return { seen, times: (await kit.arrivals(id)).length }
    },
  },
  {
    name: 'a redirect of a server that gets no credentials',
    exceptions: [{ at: 'redirected', because: 'redirected', engines: ['webkit'] }],
    credentials: 'omit',
    run: async kit => kit.ask(kit.url('redirect', { to: kit.url('echo') })),
  },
]
