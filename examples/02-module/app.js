import { register } from 'outrigger'

const outrigger = await register('/outrigger-sw.js', { servers: '/servers.json', api: '/api/' })
const state = document.getElementById('state')
const time = document.getElementById('time')

function show({ state: word, current, problems }) {
  state.textContent = [word, current, ...problems.map(({ message }) => message)].filter(Boolean).join(' · ')
}

async function ask() {
  try {
    const response = await fetch('/api/time')
    time.textContent = response.ok ? (await response.json()).time : `error ${response.status}`
  } catch (error) {
    time.textContent = error.message
  }
}

show(outrigger.status)
outrigger.subscribe(show)
outrigger.addEventListener('failure', ({ detail }) => console.warn(detail.message, detail.tries))
document.getElementById('again').addEventListener('click', ask)
await ask()
