/** Tells whether the page listens for the progress of an upload. */
export function watchUploads(): (upload: XMLHttpRequestUpload) => boolean {
  const listened = new WeakSet<object>()
  const { prototype } = XMLHttpRequestUpload
  const { addEventListener } = prototype
  Object.defineProperty(prototype, 'addEventListener', {
    configurable: true,
    writable: true,
    value: function (this: XMLHttpRequestUpload, ...args: Parameters<typeof addEventListener>) {
      listened.add(this)
      addEventListener.apply(this, args)
    },
  })
  return upload => listened.has(upload) || Boolean(upload.onprogress || upload.onload || upload.onloadstart)
}
