/** Sends one command to a tab: its window is the current one while it runs. */
export type Send = <T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object) => Promise<T>

/** A session of a WebDriver, spoken to by plain HTTP. */
export interface Session {
  /** Runs `work` with the tab of this handle as the current one. Commands of two tabs never interleave. */
  at<T>(handle: string, work: (send: Send) => Promise<T>): Promise<T>
  end(): Promise<void>
}

export interface Opened {
  session: Session
  /** Handle of its first window. */
  first: string
  version: string
}

export async function openSession(driver: string, wanted: object): Promise<Opened> {
  const body = { capabilities: { alwaysMatch: wanted } }
  const { sessionId, capabilities } = await command<NewSession>(driver, 'POST', '/session', body)
  const send: Send = (method, path, body) => command(driver, method, `/session/${sessionId}${path}`, body)
  await send('POST', '/timeouts', { script: 30_000, pageLoad: 120_000 })
  const [first] = await send<[string]>('GET', '/window/handles')
  let current = first
  let last: Promise<unknown> = Promise.resolve()
  const session: Session = {
    at(handle, work) {
      const turn = last.then(async () => {
        if (current !== handle) await send('POST', '/window', { handle })
        current = handle
        return work(send)
      })
      last = turn.catch(() => {})
      return turn
    },
    async end() {
      await send('DELETE', '').catch(() => {})
    },
  }
  return { session, first, version: capabilities.browserVersion }
}

interface NewSession {
  sessionId: string
  capabilities: { browserVersion: string }
}

/** Resolves when the driver at this address takes commands. */
export async function ready(driver: string, withinMs: number): Promise<void> {
  const end = Date.now() + withinMs
  for (;;) {
    try {
      return void (await command(driver, 'GET', '/status'))
    } catch (error) {
      if (Date.now() > end) throw new Error(`no WebDriver at ${driver}: ${error}`)
      await new Promise(go => setTimeout(go, 20))
    }
  }
}

async function command<T>(driver: string, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(driver + path, { method, body: body && JSON.stringify(body) })
  const { value } = (await response.json()) as { value: T & { error?: string; message?: string } }
  if (value?.error) throw new Error(`${value.error}: ${value.message}`)
  return value
}
