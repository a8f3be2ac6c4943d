import Uppy from '@uppy/core'
import XHRUpload from '@uppy/xhr-upload'

/** Uploads one file, and resolves to what the server made of it. */
export async function write(id, headers) {
  const uppy = new Uppy({ meta: { id } }).use(XHRUpload, { endpoint: '/api/files', headers })
  uppy.addFile({ name: 'photo.txt', type: 'text/plain', data: new Blob(['x'.repeat(10_000)]) })
  const { successful, failed } = await uppy.upload()
  if (failed.length) throw new Error(failed[0].error)
  return successful[0].response.body.id
}
