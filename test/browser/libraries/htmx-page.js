/** What a page with htmx does: a button that loads, and a form that sends. */
export function pageWith(htmx) {
  const add = html => {
    const holder = document.createElement('div')
    holder.innerHTML = html
    document.body.append(holder)
    htmx.process(holder)
    return holder
  }
  const shown = holder =>
    new Promise((resolve, reject) => {
      for (const name of ['htmx:sendError', 'htmx:responseError', 'htmx:error'])
        holder.addEventListener(name, ({ detail }) => reject(new Error(`${name} ${detail.error}`)))
      const look = () => {
        const found = holder.querySelector('b')
        const shown = holder.querySelector('p').textContent
        if (found) resolve(found)
        // htmx 4 shows the body of an error too.
        else if (shown) reject(new Error(shown))
      }
      new MutationObserver(look).observe(holder, { childList: true, subtree: true })
      look()
    })
  return {
    async read(n) {
      const holder = add(`<button hx-get="/api/fragment/${n}" hx-target="next p">show</button><p></p>`)
      holder.querySelector('button').click()
      const { textContent, dataset } = await shown(holder)
      return { n: textContent, server: Number(dataset.server) }
    },
    async write(id, headers) {
      const holder = add(`<form hx-post="/api/fragment" hx-target="next p" hx-headers='${JSON.stringify(headers)}'>
        <input name="id" value="${id}"><button>send</button></form><p></p>`)
      holder.querySelector('button').click()
      return (await shown(holder)).textContent
    },
  }
}
