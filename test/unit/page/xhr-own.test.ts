import { afterEach, expect, test, vi } from 'vitest'
import type { XhrCall } from '../../../src/page/xhr-call.ts'
import type { NativeXhr } from '../../../src/page/xhr-native.ts'
import { sendOwn } from '../../../src/page/xhr-own.ts'

afterEach(() => void vi.unstubAllGlobals())

test.each([
  ['https://www.example.com/api/x', 'default'],
  ['https://api.example.com/x', 'cors'],
])(
  'what stands for the engine’s answer to %s is of type %s, so that its declared length is believed or not',
  async (url, type) => {
    vi.stubGlobal('location', new URL('https://www.example.com/'))
    const call = { xhr: {}, url, body: null } as unknown as XhrCall
    const shown = { status: 200, readyState: 2 } as Record<string, unknown>
    const native = {
      get: (_: unknown, name: string) => shown[name],
      run: (_: unknown, name: string) => (name === 'getAllResponseHeaders' ? 'content-length: 39\r\n' : undefined),
    } as unknown as NativeXhr
    const own = sendOwn(call, native)
    own.hear(new Event('readystatechange'))
    const response = await own.response
    expect([response.type, response.headers.get('content-length')]).toEqual([type, '39'])
  },
)
