import { fetchEventSource } from '@microsoft/fetch-event-source'

/** Follows a stream until its first event. */
export function read(n) {
  const control = new AbortController()
  return new Promise((resolve, reject) => {
    fetchEventSource(`/api/events?from=${n - 1}`, {
      signal: control.signal,
      onmessage({ data }) {
        const { id, server } = JSON.parse(data)
        resolve({ n: id, server })
        control.abort()
      },
    }).catch(reject)
  })
}

/**
 * Follows one stream for as long as the page lives; `events` grows. To WebKitGTK a stream that breaks off has ended,
 * with a worker and without.
 */
export const events = []
export function follow() {
  return new Promise(open => {
    fetchEventSource('/api/events', {
      onclose() {
        throw new Error('asked again, as after an error')
      },
      onmessage({ data }) {
        events.push(JSON.parse(data))
        open()
      },
    })
  })
}
