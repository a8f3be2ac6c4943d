await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' })
await navigator.serviceWorker.ready

async function ask() {
  const hello = await fetch('/hello')
  document.querySelector('#hello').value = hello.ok ? await hello.text() : 'nothing yet: load the page once more'
  const answer = await fetch('/api/echo/1')
  document.querySelector('#server').value = (await answer.json()).server
}

document.querySelector('#again').addEventListener('click', ask)
await ask()
