export interface XhrOptions {
  method?: string
  body?: Document | XMLHttpRequestBodyInit | null
  headers?: Record<string, string>
  type?: XMLHttpRequestResponseType
  mime?: string
  timeout?: number
  /** `attributes`: by `upload.onprogress` and the like, `listeners`: by `addEventListener`. */
  upload?: 'attributes' | 'listeners'
  /** Called at every event. */
  at?(xhr: XMLHttpRequest, event: Event): void
}

/** One call by `XMLHttpRequest`, and everything that the page could tell of it. */
export interface XhrKit {
  xhr(url: string, options?: XhrOptions): Promise<Record<string, unknown>>
}

/** Makes it; its source runs in the page. */
export function createXhrKit(): XhrKit {
  const types = ['readystatechange', 'loadstart', 'progress', 'load', 'error', 'abort', 'timeout', 'loadend']
  const noise = /^(date|connection|keep-alive|transfer-encoding|vary|access-control-.*):/
  const lines = (xhr: XMLHttpRequest) =>
    xhr
      .getAllResponseHeaders()
      .split('\r\n')
      .filter(line => !noise.test(line))
  const sizes = ({ loaded, total, lengthComputable }: ProgressEvent) => ({ loaded, total, lengthComputable })

  async function show(value: unknown): Promise<unknown> {
    if (value instanceof Blob) return { blob: value.type, text: await value.text() }
    if (value instanceof ArrayBuffer) return { bytes: new TextDecoder().decode(value) }
    if (value instanceof Document) return { document: new XMLSerializer().serializeToString(value), url: value.URL }
    return typeof value === 'string' ? { text: value.slice(0, 300), length: value.length } : value
  }

  return {
    xhr: (url, { method = 'GET', body = null, headers = {}, type = '', mime, timeout = 0, upload, at } = {}) =>
      new Promise(resolve => {
        const xhr = new XMLHttpRequest()
        const events: string[] = []
        const uploads: string[] = []
        let ended: unknown
        let uploaded: unknown
        let growing = true
        let most = 0
        // How often is a matter of chance.
        const add = (to: string[], line: string, often: boolean) => {
          if (!often || !to.includes(line)) to.push(line)
        }
        for (const name of types)
          xhr.addEventListener(name, event => {
            const { readyState } = xhr
            // The last progress may be told when all is there.
            if (name === 'progress') add(events, name, true)
            else add(events, `${name} ${readyState}`, name === 'readystatechange' && readyState === 3)
            if (event instanceof ProgressEvent) {
              growing &&= event.loaded >= most
              most = name === 'progress' ? event.loaded : most
              if (name !== 'progress' && name !== 'loadend') ended = sizes(event)
            }
            at?.(xhr, event)
            if (name === 'loadend') setTimeout(end)
          })
        const hear = (event: Event) => {
          add(uploads, event.type, event.type === 'progress')
          if (event.type === 'load') uploaded = sizes(event as ProgressEvent)
        }
        for (const name of types.slice(1)) {
          if (upload === 'attributes') Object.assign(xhr.upload, { [`on${name}`]: hear })
          if (upload === 'listeners') xhr.upload.addEventListener(name, hear)
        }
        xhr.open(method, url)
        for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value)
        if (mime) xhr.overrideMimeType(mime)
        xhr.responseType = type
        xhr.timeout = timeout
        xhr.send(body)

        async function end() {
          const { status, statusText, responseURL, readyState } = xhr
          const xml = type === '' || type === 'document' ? await show(xhr.responseXML) : undefined
          resolve({
            ...{ events, ended, growing, most: status ? most : 0, status, statusText, responseURL, readyState, xml },
            headers: lines(xhr),
            response: await show(xhr.response),
            ...(upload && { uploads, uploaded }),
          })
        }
      }),
  }
}
