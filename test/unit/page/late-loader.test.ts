import { expect, test } from 'vitest'
import { badList } from '../../../src/core/list/bad-list.ts'
import type { Problem } from '../../../src/core/status.ts'
import type { Late } from '../../../src/page/late.ts'
import { createCoverHolder } from '../../../src/page/late-loader.ts'

/** What is told when the cover cannot start because of `error`, after two calls. */
async function toldOf(error: Error): Promise<Problem[]> {
  const told: Problem[] = []
  const holder = createCoverHolder(
    async () => ({}) as Late,
    () => Promise.reject(error),
    problem => told.push(problem),
  )
  await holder.load()
  await holder.load()
  return told
}

test('a cover that did not load leaves the page to the worker, and that is told once', async () => {
  expect(await toldOf(new Error('/outrigger-cover.js did not load'))).toEqual([
    {
      code: 'cover',
      message: 'the page cannot cover its own requests, only the worker can: /outrigger-cover.js did not load',
    },
  ])
})

test('bad servers in the tag are no better in the worker, and nobody is sent there', async () => {
  const [{ code, message } = {}] = await toldOf(badList('option "servers"', 'servers[1]', 'must be another server'))
  expect(code).toBe('option')
  expect(message).toContain('nor can the worker with these settings: server list option "servers" at servers[1]: must')
  expect(message).not.toContain('only the worker can')
})
