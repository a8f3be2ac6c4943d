// biome-ignore-all lint/complexity/noArguments: which are missing is for the engine to say
import { documentOf, headerLines, isText, responseOf } from './xhr-answer.ts'
import type { XhrCall } from './xhr-call.ts'
import type { NativeXhr } from './xhr-native.ts'
import { mimeOf } from './xhr-present.ts'

type Xhr = XMLHttpRequest

/** The members by which a page reads an answer: the engine's own, unless the call shows another one. */
export function toldMembers(native: NativeXhr, calls: WeakMap<Xhr, XhrCall>): object[] {
  const get = <Name extends keyof Xhr>(name: Name, shown: (call: Required<XhrCall>, xhr: Xhr) => unknown) => ({
    // A name that is computed gives the function the one that the engine's has.
    get [name](): unknown {
      const xhr = this as unknown as Xhr
      const call = calls.get(xhr)
      const value = call?.shown && shown(call as Required<XhrCall>, xhr)
      return value === undefined ? unmarked(native.get(xhr, name), call) : value
    },
  })
  const plain = (['status', 'statusText', 'responseURL'] as const).map(name => get(name, ({ shown }) => shown[name]))
  const readyState = {
    get readyState(): number {
      const xhr = this as unknown as Xhr
      const call = calls.get(xhr)
      return call?.shown?.readyState ?? call?.replayed ?? native.get(xhr, 'readyState')
    },
  }

  return [
    ...plain,
    readyState,
    // Of a wrong `responseType` the engine itself complains.
    get('responseText', ({ shown }, { responseType }) => (isText(responseType) ? shown.text : undefined)),
    get('response', (call, { responseType }) => responseOf(call.shown, responseType, mimeOf(call))),
    get('responseXML', (call, { responseType, response }) => {
      const { shown } = call
      if (responseType) return responseType === 'document' ? response : undefined
      if (shown.readyState < 4 || !shown.body) return null
      shown.made ??= documentOf(shown.text, mimeOf(call))
      return shown.made
    }),
    {
      getResponseHeader(this: Xhr, name: string): string | null {
        const shown = calls.get(this)?.shown
        return shown ? shown.headers.get(name) : (native.run(this, 'getResponseHeader', arguments) as string)
      },
      getAllResponseHeaders(this: Xhr): string {
        const shown = calls.get(this)?.shown
        return shown ? headerLines(shown.headers) : (native.run(this, 'getAllResponseHeaders') as string)
      },
    },
  ]
}

/** A document's address would show our mark. */
function unmarked(value: unknown, call: XhrCall | undefined): unknown {
  const [, mark] = value instanceof Document ? value.URL.split('#') : []
  if (mark && call?.way !== 'plain')
    for (const name of ['URL', 'documentURI', 'baseURI'] as const)
      Object.defineProperty(value, name, { value: (value as Document)[name].replace(`#${mark}`, '') })
  return value
}
