import { serve, server } from './serve.js'

/** By the page's `fetch`, whoever answers: nobody but the server, or Outrigger's worker. */
serve(async n => {
  const response = await fetch(`${server(0)}/api/bench?n=${n}`)
  if (!response.ok) throw new Error(`answered ${response.status}`)
  return response.json()
}, covered())

/** With Outrigger's tag on the page: until its worker answers and knows the servers. */
async function covered() {
  const { outrigger } = window
  if (!outrigger) return
  const isCovered = ({ worker, list }) => worker === 'active' && list && navigator.serviceWorker.controller
  if (isCovered(outrigger.status)) return
  await new Promise(resolve => {
    const stop = outrigger.subscribe(status => {
      if (!isCovered(status)) return
      stop()
      resolve()
    })
  })
}
