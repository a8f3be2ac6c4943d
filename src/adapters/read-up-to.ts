/** The whole body, or `undefined` if it is larger: then the rest is not waited for. */
export async function readUpTo(limitBytes: number, { body }: Response): Promise<Blob | undefined> {
  const parts: BlobPart[] = []
  const reader = body?.getReader()
  for (let bytes = 0; reader; ) {
    const { done, value } = await reader.read()
    if (done) break
    bytes += value.byteLength
    if (bytes > limitBytes) return void reader.cancel().catch(() => {})
    parts.push(value)
  }
  return new Blob(parts)
}
