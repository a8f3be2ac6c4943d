import type { Session } from './webdriver.ts'

/** What a call in the page came to, and where the page was then. */
export interface Outcome {
  url: string
  /** It runs still. */
  pending?: true
  /** Its page is gone. */
  gone?: true
  value?: unknown
  error?: string
}

/** How long the driver waits in the page for a call, so that other tabs get their turn. */
const TURN_MS = 25

const place = `Symbol.for('calls of a test')`

/** Starts a call: its end is left in the page, to be asked for. `work` is the source of a function. */
const start = (work: string) => `
  const [id, args, done] = arguments
  const calls = window[${place}] ??= {}
  const call = calls[id] = { ended: new Promise(go => go((${work})(...args))).then(
    value => ({ value }),
    error => ({ error: error instanceof Error ? error.name + ': ' + error.message : String(error) })) }
  ${answer}`

/** Answers with the outcome, or after a while that there is none yet. */
const answer = `
  let told = false
  const tell = outcome => {
    if (told) return
    told = true
    if (!outcome.pending) delete calls[id]
    done(JSON.stringify({ url: location.href, ...outcome }))
  }
  setTimeout(() => tell({ pending: true }), ${TURN_MS})
  call.ended.then(tell)`

const ask = `
  const [id, done] = arguments
  const calls = window[${place}] ?? {}
  const call = calls[id]
  if (!call) return done(JSON.stringify({ url: location.href, gone: true }))
  ${answer}`

let ids = 0

/** Runs a function, given as source, in a tab to its end; a page that goes away in between is `gone`. */
export async function call(session: Session, handle: string, work: string, args: unknown[]): Promise<Outcome> {
  const id = String(++ids)
  let outcome = await run(session, handle, start(work), [id, args])
  while (outcome.pending) outcome = await run(session, handle, ask, [id])
  return outcome
}

async function run(session: Session, handle: string, script: string, args: unknown[]): Promise<Outcome> {
  try {
    const text = await session.at(handle, send => send<string>('POST', '/execute/async', { script, args }))
    return JSON.parse(text)
  } catch (error) {
    if (/before the unload event|javascript error/.test(String(error)))
      return { url: '', gone: true, error: String(error) }
    throw error
  }
}
