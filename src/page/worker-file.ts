/** What a look at a worker's file found, as far as it explains why it does not register. */
export interface WorkerFile {
  /** HTTP status; `undefined` when nothing answered. */
  status: number | undefined
  type: string
  /** Header `Service-Worker-Allowed`. */
  allowed: string | null
}

const SCRIPT = /^(text|application)\/(javascript|ecmascript|x-javascript|x-ecmascript)$/

/**
 * Why the worker at `worker` cannot serve `scope`, in words that say what to copy where. `undefined`: the
 * file itself looks right.
 */
export function explainWorkerFile(worker: URL, scope: URL, file: WorkerFile): string | undefined {
  const copy = `Copy node_modules/outrigger/dist/outrigger-sw.js to ${worker.pathname} on ${worker.origin}`
  const name = 'or say with data-worker (with register(): the first argument) where it is'
  if (file.status === undefined)
    return `the worker ${worker.origin}${worker.pathname} could not be fetched: its server does not answer. It is tried again at the next load of the page.`
  if (file.status >= 400)
    return `there is no worker at ${worker.origin}${worker.pathname} (HTTP ${file.status}). ${copy}, ${name}.`
  const type = file.type.split(';')[0]!.trim().toLowerCase()
  if (!SCRIPT.test(type))
    return `${worker.origin}${worker.pathname} is served as "${type || 'no type'}", not as JavaScript${type === 'text/html' ? ' (is it the page shown for unknown paths?)' : ''}. ${copy}, served as text/javascript, ${name}.`
  const most = new URL(file.allowed ?? './', worker)
  if (!scope.pathname.startsWith(most.pathname))
    return `a worker at ${worker.pathname} may not serve the scope ${scope.pathname}, only ${most.pathname} and below. Copy node_modules/outrigger/dist/outrigger-sw.js to ${new URL('outrigger-sw.js', scope).pathname} and name that, or send the header "Service-Worker-Allowed: ${scope.pathname}" with it.`
  return undefined
}

/** Fetches a worker's file to see what is wrong with it. */
export async function lookAt(worker: URL, fetch: typeof window.fetch): Promise<WorkerFile> {
  try {
    const { status, headers, body } = await fetch(worker.href, { cache: 'no-store', credentials: 'same-origin' })
    void body?.cancel()
    return { status, type: headers.get('content-type') ?? '', allowed: headers.get('service-worker-allowed') }
  } catch {
    return { status: undefined, type: '', allowed: null }
  }
}
