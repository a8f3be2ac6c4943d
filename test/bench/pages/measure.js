// What is measured inside a page, the same for every variant. Times in milliseconds.
const read = async n => {
  const response = await fetch(`/api/read?n=${n}`)
  const text = await response.text()
  if (response.status !== 200 || text.length < 1_000)
    throw new Error(`read ${n}: ${response.status}, ${text.length} characters`)
}

async function timed(what) {
  const startedAt = performance.now()
  await what()
  return performance.now() - startedAt
}

/** Reads a body to its end and keeps nothing of it. */
async function drain(megabytes) {
  const { body } = await fetch(`/api/body?mb=${megabytes}`)
  const reader = body.getReader()
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.byteLength
  }
  if (bytes !== megabytes * 1_000_000) throw new Error(`${bytes} bytes of ${megabytes} MB`)
}

async function lanes(count, lanes) {
  let n = 0
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (n < count) await read(n++)
    }),
  )
}

window.measure = {
  /** Mean of one read, one after the other. */
  sequential: async count =>
    (await timed(async () => {
      for (let n = 0; n < count; n++) await read(n)
    })) / count,
  /** Until `count` reads are done, 64 at a time. */
  concurrent: count => timed(() => lanes(count, 64)),
  /** Of one body. */
  body: megabytes => timed(() => drain(megabytes)),
  once: () => timed(() => read(0)),
}

/** With a worker wanted: until it answers and, if it is ours, knows its servers. */
window.ready = (async () => {
  const { worker } = document.currentScript?.dataset ?? {}
  if (worker) await navigator.serviceWorker.register(worker)
  const { outrigger } = window
  if (!worker && !outrigger) return true
  const container = navigator.serviceWorker
  if (!container.controller)
    await new Promise(resolve => container.addEventListener('controllerchange', resolve, { once: true }))
  const knows = () => !outrigger || (outrigger.status.worker === 'active' && outrigger.status.list)
  if (!knows())
    await new Promise(resolve => {
      const stop = outrigger.subscribe(() => knows() && resolve(stop()))
    })
  return true
})()
