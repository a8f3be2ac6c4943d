const servers = new URLSearchParams(location.search).get('servers').split(' ')

/** Origin of the server with this index; 0 is the faulty one. */
export const server = index => servers[index]
export const allServers = () => [...servers]

/**
 * Lets the bench read by this client. `read(n)` resolves to something in which the server's answer can be recognised, and
 * rejects when the client gave up. `ready` resolves when the client is set up.
 */
export function serve(read, ready = Promise.resolve()) {
  async function once(n, limitMs) {
    const startedAt = performance.now()
    let timer
    const limit = new Promise(resolve => {
      timer = setTimeout(resolve, limitMs, `no answer in ${limitMs / 1000} s`)
    })
    const outcome = read(n).then(
      value => (JSON.stringify(value).includes('right answer') ? undefined : 'a wrong answer'),
      error => String(error).slice(0, 200),
    )
    const error = await Promise.race([outcome, limit])
    clearTimeout(timer)
    return { ms: performance.now() - startedAt, error }
  }

  /** One request after the other; `spendMs` after the first no more are begun, but at least `least` were made. */
  async function run({ count, least, spendMs, limitMs }) {
    const readings = [await once(0, limitMs)]
    const until = performance.now() + spendMs
    for (let n = 1; n < count && !readings.at(-1).error; n++) {
      if (n >= least && performance.now() > until) break
      readings.push(await once(n, limitMs))
    }
    return readings
  }

  window.bench = { ready: ready.then(() => true), run }
}
