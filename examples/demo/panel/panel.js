import { count, draw } from './plot.js'

const faults = [
  ['kill', 'Kill', 'killed: refuses connections'],
  ['hang', 'Hang', 'hung: accepts, never answers'],
  ['black-hole', 'Black hole', 'black hole: full backlog'],
  ['503', '503', 'answers 503'],
  ['slow', 'Slow', 'slow: 8 s before headers'],
  ['stall', 'Stall', 'stalls in mid-body'],
  ['reset', 'Reset', 'resets connections'],
  ['corrupt', 'Corrupt', 'sends corrupt bodies'],
]
const find = id => document.getElementById(id)
const { servers } = await (await fetch('/config.json')).json()
const app = servers[0].url
const cards = servers.map(makeCard)
find('servers').append(...cards.map(({ card }) => card))

// The app, in a frame: it is told our port and sends what it measures to it alone.
find('app').src = `${app}/?panel=${location.port}`
find('open').href = `${app}/`
// A frame's own reload would need its permission across origins; naming the address again is the same.
find('reload').onclick = () => {
  find('app').src = `${app}/?panel=${location.port}`
}
addEventListener('message', ({ origin, source, data }) => {
  if (origin === app && source === find('app').contentWindow && data?.sample) hear(data.sample)
})

let requests = 0
let failed = 0

function hear(sample) {
  requests++
  if (!sample.ok) failed++
  find('requests').textContent = requests.toLocaleString('en')
  find('failed').textContent = failed.toLocaleString('en')
  find('failed-box').classList.toggle('some', failed > 0)
  count(sample)
}

const events = new EventSource('/events')
events.onmessage = ({ data }) => {
  find('lost').hidden = true
  for (const [index, name] of JSON.parse(data).entries()) showState(index, name)
}
events.onerror = () => {
  find('lost').hidden = false
}

function makeCard({ name, port, primary }, index) {
  const card = document.createElement('fieldset')
  card.className = 'card server'
  card.style.setProperty('--dot', `var(--server-${index})`)
  card.setAttribute('aria-labelledby', `server-${index}`)
  card.innerHTML = `<div class="server-head"><h3 id="server-${index}" class="dot"></h3><span class="state">healthy</span></div>
    <div class="faults"></div>`
  const title = document.createElement('small')
  title.textContent = `${primary ? 'primary' : 'mirror'} · ${port}`
  card.querySelector('h3').append(name, title)
  const buttons = new Map()
  for (const [fault, label] of [...faults, ['ok', 'Restore']]) {
    const button = document.createElement('button')
    button.type = 'button'
    button.textContent = label
    if (fault === 'ok') button.className = 'restore'
    else button.setAttribute('aria-pressed', 'false')
    button.onclick = () => order(index, fault, button)
    card.querySelector('.faults').append(button)
    buttons.set(fault, button)
  }
  return { card, buttons, name, state: card.querySelector('.state'), now: 'ok' }
}

async function order(server, name, button) {
  button.setAttribute('aria-busy', 'true')
  try {
    const response = await fetch('/fault', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ server, name }),
    })
    if (!response.ok) find('said').textContent = await response.text()
  } catch {
    find('lost').hidden = false
  } finally {
    button.removeAttribute('aria-busy')
  }
}

function showState(index, name) {
  const card = cards[index]
  const words = name === 'ok' ? 'healthy' : (faults.find(([fault]) => fault === name)?.[2] ?? name)
  if (card.now !== name) find('said').textContent = `${card.name}: ${words}`
  card.now = name
  card.state.textContent = words
  card.card.classList.toggle('broken', name !== 'ok')
  for (const [fault, button] of card.buttons)
    if (fault !== 'ok') button.setAttribute('aria-pressed', String(fault === name))
}

draw(find('plot'), find('legend'), servers)
