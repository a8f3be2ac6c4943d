import type { Case } from '../../support/fidelity/case.ts'

/** What an answer looks like. */
export const answers: Case[] = [
  {
    name: 'a plain answer',
    run: async kit => kit.ask(kit.url('say', { h: ['content-type:text/plain', 'x-own:1'], body: 'hello' })),
  },
  {
    name: 'each status and its text',
    async run(kit) {
      const seen = []
      for (const status of [
        200, 201, 202, 203, 204, 205, 226, 299, 400, 401, 403, 404, 405, 409, 410, 418, 422, 429, 451, 499,
      ])
        seen.push(await kit.ask(kit.url('say', { status, text: `Odd ${status}` })))
      return seen
    },
  },
  {
    name: 'a 5xx of every server',
    async run(kit) {
      const seen = []
      for (const status of [500, 501, 502, 503, 504, 599])
        seen.push(
          await kit.ask(kit.url('say', { status, text: 'Broken', body: 'sorry', h: 'content-type:text/plain' })),
        )
      return seen
    },
  },
  {
    name: 'an empty status text',
    run: async kit => kit.ask(kit.url('say', { text: '' })),
  },
  {
    name: 'headers that were not exposed',
    exceptions: [{ at: 'headers/x-hidden', because: 'unexposed headers' }],
    run: async kit => kit.ask(kit.url('say', { h: ['x-hidden:1', 'x-shown:2'], body: 'a' })),
  },
]
