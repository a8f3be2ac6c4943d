import { answer, wait } from '../../src/node/endpoints.ts'
import { type MoreReplies, runFaultyServer } from '../../src/node/faulty-server.ts'
import { HOLD } from './hold.ts'

/** Beyond what every server of a farm has: `/api/write/7`, a write whose id is told by its path, and echoes that can be held. */
const replies: MoreReplies = (request, around) => {
  const { url = '' } = request
  if (url.startsWith('/api/write/')) request.url = '/api/write'
  else if (!url.startsWith('/api/echo')) return undefined
  return untilReleased().then(() => answer(request, around))

  async function untilReleased(): Promise<void> {
    while (around.pages()[HOLD]) await wait(1)
  }
}

runFaultyServer(undefined, replies)
