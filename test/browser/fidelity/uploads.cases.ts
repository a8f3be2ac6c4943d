import type { Case } from '../../support/fidelity/case.ts'

/** What a page can tell of what it sends. */
export const uploads: Case[] = [
  {
    name: 'the progress of an upload by XHR',
    async run(kit) {
      const seen = []
      for (const upload of ['attributes', 'listeners'] as const)
        for (const method of ['POST', 'PUT']) {
          const headers = { 'x-own': 'one', 'content-type': 'text/x-own' }
          const body = 'x'.repeat(300_000)
          const all = await kit.xhr(kit.url('echo'), { method, body, headers, upload, type: 'json' })
          const { bytes, hash, headers: arrived } = all.response as Record<string, Record<string, string>>
          seen.push({
            ...all,
            headers: [],
            ended: [],
            most: 0,
            response: [bytes, hash, arrived!['x-own'], arrived!['content-type']],
          })
        }
      return seen
    },
  },
  {
    name: 'an upload of 20 MB by XHR',
    limitMs: 20_000,
    async run(kit) {
      const body = new Blob([new Uint8Array(20_000_000).fill(7)])
      const all = await kit.xhr(kit.url('echo'), { method: 'POST', body, upload: 'listeners', type: 'json' })
      const { bytes, hash } = all.response as Record<string, never>
      return { bytes, hash, events: all.events, uploads: all.uploads, uploaded: all.uploaded }
    },
  },
  {
    name: 'an upload that is aborted by XHR',
    async run(kit) {
      const id = kit.id()
      const xhr = new XMLHttpRequest()
      const seen: string[] = []
      for (const type of ['abort', 'load', 'error', 'loadend']) xhr.addEventListener(type, () => seen.push(type))
      // So that it goes as one whose progress is wanted.
      xhr.upload.addEventListener('progress', () => {})
      xhr.open('POST', kit.url('hang', { id }))
      xhr.send('x'.repeat(1_000))
      await kit.arrived(id)
      xhr.abort()
      return [seen, await kit.closed(id), (await kit.arrivals(id)).length]
    },
  },
  {
    name: 'a beacon and a request with keepalive',
    exceptions: [
      { at: '', because: 'keepalive', engines: ['webkit'] },
      { at: '5', because: 'keepalive', engines: ['firefox'] },
      { at: '6', because: 'keepalive', engines: ['firefox'] },
    ],
    async run(kit) {
      const form = new FormData()
      form.append('a', 'é')
      const look = async (id: string) => {
        await kit.arrived(id)
        return (await kit.arrivals(id)).map(({ method, text, headers }) => {
          const type = headers['content-type'] ?? ''
          const boundary = /boundary=(.*)/.exec(type)?.[1] ?? '!'
          return JSON.stringify([method, text, type]).replaceAll(boundary, '!')
        })
      }
      const bodies = ['é', new Blob(['b'], { type: 'text/plain' }), new URLSearchParams('a=é'), form, undefined]
      const beacons = bodies.map(async body => {
        const id = kit.id()
        return [navigator.sendBeacon(kit.url('say', { id }), body), await look(id)]
      })
      const id = kit.id()
      const url = kit.url('say', { id, body: 'kept' })
      const kept = await kit.ask(url, { method: 'POST', body: 'k', keepalive: true })
      return [...(await Promise.all(beacons)), kept, await look(id)]
    },
  },
]
