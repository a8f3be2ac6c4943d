/** What the page is shown while it must not see the engine's own answer: none, or another server's. */
export interface XhrAnswer {
  readyState: number
  status: number
  statusText: string
  responseURL: string
  headers: Headers
  /** Declared bytes; 0: not declared. */
  total: number
  /** As much of the body as came, decoded as the answer says. */
  text: string
  /** The whole body. */
  body?: ArrayBuffer
  /** `body` as the page's `responseType` wants it, made once. */
  made?: unknown
}

/** An answer without content, as before the headers and after a failure. */
export function noAnswer(readyState: number): XhrAnswer {
  return { readyState, status: 0, statusText: '', responseURL: '', headers: new Headers(), total: 0, text: '' }
}

export function answerOf({ status, statusText, headers, url }: Response, asked: string): XhrAnswer {
  const total = Number(headers.get('content-length')) || 0
  const [responseURL = ''] = (url || asked).split('#')
  return { readyState: 2, status, statusText, responseURL, headers, total, text: '' }
}

/** As `getAllResponseHeaders` gives them: lower case, sorted, each line ended. */
export function headerLines(headers: Headers): string {
  return [...headers]
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .sort()
    .join('')
}

/** Decodes by the charset of `mime`; UTF-8 if it names none or an unknown one. */
export function decoderOf(mime: string): TextDecoder {
  try {
    return new TextDecoder(/charset\s*=\s*"?([^";\s]+)/i.exec(mime)?.[1])
  } catch {
    return new TextDecoder()
  }
}

/** The value of `response`. */
export function responseOf(answer: XhrAnswer, type: XMLHttpRequestResponseType, mime: string): unknown {
  if (isText(type)) return answer.text
  if (answer.readyState < 4 || !answer.body) return null
  answer.made ??= convert(answer.body, answer.text, type, mime)
  return answer.made
}

export function isText(type: XMLHttpRequestResponseType): boolean {
  return !type || type === 'text'
}

function convert(body: ArrayBuffer, text: string, type: XMLHttpRequestResponseType, mime: string): unknown {
  if (type === 'arraybuffer') return body
  if (type === 'blob') return new Blob([body], { type: mime })
  if (type === 'document') return documentOf(text, mime, true)
  try {
    return JSON.parse(new TextDecoder().decode(body))
  } catch {
    return null
  }
}

/** A body as a document, if its type says that it is one. */
export function documentOf(text: string, mime: string, html?: boolean): Document | null {
  const type = mime.split(';')[0]!.trim().toLowerCase()
  if (html && type === 'text/html') return new DOMParser().parseFromString(text, type)
  if (type && !/^(text|application)\/xml$|\+xml$/.test(type)) return null
  const parsed = new DOMParser().parseFromString(text, 'application/xml')
  return parsed.querySelector('parsererror') ? null : parsed
}
