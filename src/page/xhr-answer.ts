/** What an XMLHttpRequest shows while its answer does not come from the engine's own. */
export interface XhrAnswer {
  readyState: number
  status: number
  statusText: string
  headers: Headers
  url: string
  /** Of the declared type; as text until it is whole. */
  body: ArrayBuffer | undefined
  total: number
}

export function emptyAnswer(readyState: number): XhrAnswer {
  return { readyState, status: 0, statusText: '', headers: new Headers(), url: '', body: undefined, total: 0 }
}

export function answerOf(response: Response, url: string): XhrAnswer {
  return {
    readyState: 2,
    status: response.status,
    statusText: response.statusText,
    headers: response.headers,
    url: (response.url || url).split('#')[0]!,
    body: undefined,
    total: Number(response.headers.get('content-length')) || 0,
  }
}

/** As `getAllResponseHeaders` gives them: lower case, sorted, each line ended. */
export function headerLines(headers: Headers): string {
  return [...headers]
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .sort()
    .join('')
}

/** The text of a body by the charset of `mime` (UTF-8 if it names none or an unknown one). */
export function textOf(body: ArrayBuffer | undefined, mime: string): string {
  const charset = /charset\s*=\s*"?([^";\s]+)/i.exec(mime)?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

/** `xhr.response` of a whole body. `null` where the body is not of the wished type, as the engine does. */
export function convert(body: ArrayBuffer | undefined, type: XMLHttpRequestResponseType, mime: string): unknown {
  if (type === '' || type === 'text') return textOf(body, mime)
  if (!body) return null
  if (type === 'arraybuffer') return body
  if (type === 'blob') return new Blob([body], { type: mime })
  if (type === 'document') return documentOf(body, mime)
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return null
  }
}

/** A body as a document, if its type says that it is one. */
export function documentOf(body: ArrayBuffer | undefined, mime: string): Document | null {
  const type = mime.split(';')[0]!.trim().toLowerCase()
  const isHtml = type === 'text/html'
  if (!body || !(isHtml || /^(text|application)\/xml$|\+xml$/.test(type))) return null
  const parsed = new DOMParser().parseFromString(textOf(body, mime), isHtml ? 'text/html' : 'application/xml')
  return parsed.querySelector('parsererror') && !isHtml ? null : parsed
}
