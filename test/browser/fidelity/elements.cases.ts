import type { Case } from '../../support/fidelity/case.ts'

/** What a page can tell of what its elements load. */
export const elements: Case[] = [
  {
    name: 'an image by src and by srcset, and one that is none',
    async run(kit) {
      const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"/>'
      const good = kit.url('say-image', { body: svg, h: 'content-type:image/svg+xml' })
      const bad = kit.url('say-image', { body: 'no image', h: 'content-type:image/png' })
      const gone = kit.url('say-image', { status: 404 })
      const load = async (attributes: Record<string, string>) => {
        const image = Object.assign(new Image(), attributes)
        const event = await new Promise<Event>(done => {
          image.onload = image.onerror = done as () => void
        })
        const { naturalWidth, naturalHeight, currentSrc, complete } = image
        const decoded = await kit.outcome(image.decode().then(() => 'decoded'))
        return { type: event.type, naturalWidth, naturalHeight, currentSrc, complete, decoded }
      }
      return [
        await load({ src: good }),
        await load({ srcset: `${good} 1x` }),
        await load({ src: bad }),
        await load({ src: gone }),
      ]
    },
  },
  {
    name: 'an image is not foreign to a canvas',
    async run(kit) {
      const svg =
        '<svg xmlns="http://www.w3.org/2000/svg" width="2" height="2"><rect width="2" height="2" fill="red"/></svg>'
      const image = Object.assign(new Image(), {
        src: kit.url('say-image', { body: svg, h: 'content-type:image/svg+xml' }),
      })
      await image.decode()
      const context = document.createElement('canvas').getContext('2d')!
      context.drawImage(image, 0, 0)
      return kit.outcome(() => [...context.getImageData(0, 0, 1, 1).data])
    },
  },
  {
    name: 'sound with ranges, sought to and fro',
    limitMs: 15_000,
    async run(kit) {
      const audio = new Audio()
      const heard = (type: string) =>
        new Promise<string>(done => {
          for (const one of [type, 'error']) audio.addEventListener(one, ({ type }) => done(type), { once: true })
        })
      const seen: unknown[] = []
      audio.preload = 'auto'
      const loaded = heard('canplay')
      audio.src = kit.url('wav')
      seen.push(await loaded, audio.duration)
      if (audio.error) return [...seen, audio.error.code]
      for (const at of [55, 10, 40]) {
        const sought = heard('seeked')
        audio.currentTime = at
        seen.push(await sought, audio.currentTime)
      }
      return seen
    },
  },
  {
    name: 'a frame of the API, and where its links lead',
    async run(kit) {
      const next = kit.url('say-page', { body: '<title>two</title><p>two', h: 'content-type:text/html' })
      const first = kit.url('say-page', {
        body: `<title>one</title><a href="${next}">on</a>`,
        h: 'content-type:text/html',
      })
      const frame = document.createElement('iframe')
      const loaded = () => new Promise(done => frame.addEventListener('load', done, { once: true }))
      const look = () => {
        const { title, URL, referrer, contentType } = frame.contentDocument!
        // Each setting has a page of its own name.
        const from = referrer.replace(/\w+\.html$/, '')
        return { title, URL, from, contentType, origin: frame.contentWindow!.origin }
      }
      frame.src = first
      const one = loaded()
      document.body.append(frame)
      await one
      const seen = [look()]
      const two = loaded()
      frame.contentDocument!.querySelector('a')!.click()
      await two
      seen.push(look())
      const back = loaded()
      frame.contentWindow!.location.reload()
      await back
      seen.push(look())
      frame.remove()
      return seen
    },
  },
  {
    name: 'a script in a frame of the API',
    exceptions: [{ at: 'title', because: 'scripts of mirrors' }],
    async run(kit) {
      const body = '<title>as sent</title><script>document.title = "it ran"</script><p>text'
      const frame = document.createElement('iframe')
      const loaded = new Promise(done => frame.addEventListener('load', done, { once: true }))
      frame.src = kit.url('say-page', { body, h: 'content-type:text/html' })
      document.body.append(frame)
      await loaded
      const { title, body: shown } = frame.contentDocument!
      const seen = { title, text: shown.innerText }
      frame.remove()
      return seen
    },
  },
  {
    name: 'a link to an attachment',
    async run(kit) {
      // Other engines ask the person where to put it.
      if (kit.engine !== 'chromium') return 'not asked'
      const id = kit.id()
      const h = ['content-type:application/octet-stream', 'content-disposition:attachment; filename=a.bin']
      const link = Object.assign(document.createElement('a'), { href: kit.url('say', { id, body: 'file', h }) })
      link.click()
      const arrived = await kit.arrived(id)
      return [arrived, (await kit.arrivals(id)).length, location.pathname.endsWith('.html')]
    },
  },
  {
    name: 'an EventSource, its messages and its end',
    async run(kit) {
      const source = new EventSource(kit.url('events', { open: 1 }))
      const seen: unknown[] = [source.readyState, source.url]
      source.onopen = () => seen.push('open')
      const note = ({ type, data, lastEventId, origin }: MessageEvent) => seen.push({ type, data, lastEventId, origin })
      source.addEventListener('even', note)
      await new Promise<void>(done => {
        source.onmessage = event => {
          note(event)
          if (event.data === '3') done()
        }
      })
      source.close()
      return [...seen, source.readyState]
    },
  },
  {
    name: 'an EventSource that connects again',
    exceptions: [{ at: 'ids', because: 'event ids', engines: ['chromium'] }],
    async run(kit) {
      const source = new EventSource(kit.url('events'))
      const ids: string[] = []
      let errors = 0
      source.onerror = () => {
        errors += source.readyState === EventSource.CONNECTING ? 1 : 10
      }
      await new Promise<void>(done => {
        for (const type of ['message', 'even'])
          source.addEventListener(type, event => {
            ids.push((event as MessageEvent).lastEventId)
            if (ids.length === 6) done()
          })
      })
      source.close()
      return { ids, errors }
    },
  },
  {
    name: 'an EventSource that is told to stop',
    async run(kit) {
      const source = new EventSource(kit.url('say', { status: 204 }))
      await new Promise(done => {
        source.onerror = done
      })
      return source.readyState
    },
  },
]
