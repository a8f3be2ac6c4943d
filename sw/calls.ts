/** Calls whose abort a page would send as a message: PLATFORM, surprise 5. */
export interface Calls {
  /** The signal of the call with this id; aborted already if the message was faster than the request. */
  begin(id: string): AbortSignal
  abort(id: string): void
}

/** More than all pages have in flight; the oldest go first. They stay, for an abort may come in the middle of a body. */
const MOST = 1_000

export function createCalls(): Calls {
  const calls = new Map<string, AbortController>()

  function controller(id: string): AbortController {
    let found = calls.get(id)
    if (!found) {
      found = new AbortController()
      calls.set(id, found)
      if (calls.size > MOST) calls.delete(calls.keys().next().value!)
    }
    return found
  }

  return {
    begin: id => controller(id).signal,
    abort: id => controller(id).abort(),
  }
}
