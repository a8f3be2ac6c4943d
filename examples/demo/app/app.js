// An ordinary app: it reads and writes below /api/ by fetch and knows nothing of other servers.
// Beside that it measures its own requests, for the panel and for `--check`.

const names = ['Server A', 'Server B', 'Server C', 'Server D']
const query = new URLSearchParams(location.search)
const readsPerSecond = Number(query.get('rate')) || 5
const mostAtOnce = 100
const find = id => document.getElementById(id)

let leaving = false
let asked = 0
let shown = 0
let inFlight = 0
let lastNotes = ''

addEventListener('pagehide', () => {
  leaving = true
})

/** One request through /api/, timed from its start to the end of its body. */
async function request(kind, init) {
  const at = Date.now()
  const started = performance.now()
  let server = null
  try {
    const response = await fetch('/api/board', init)
    const data = await response.json()
    if (!response.ok) throw new Error(`answered ${response.status}`)
    server = data.server
    return data
  } finally {
    if (!leaving) tell({ kind, at, ms: performance.now() - started, server, ok: server !== null })
  }
}

async function read() {
  if (inFlight >= mostAtOnce) return
  inFlight++
  const turn = ++asked
  try {
    const { board } = await request('read', { cache: 'no-store' })
    // Answers may overtake each other; the board shows the youngest question.
    if (turn > shown) showNotes(board)
    shown = Math.max(turn, shown)
  } catch {
    // Counted and shown as failed; the next read is a moment away.
  } finally {
    inFlight--
  }
}

async function post(event) {
  event.preventDefault()
  const field = find('note')
  const note = { id: crypto.randomUUID(), text: field.value.trim(), at: Date.now() }
  if (!note.text) return
  say('Sending …')
  try {
    const { board } = await request('write', { method: 'POST', body: JSON.stringify(note) })
    showNotes(board)
    if (field.value.trim() === note.text) field.value = ''
    say('Posted.')
  } catch {
    say('Not confirmed: look whether your note is on the board before you post it again.', true)
  }
}

function say(text, bad = false) {
  find('outcome').textContent = text
  find('outcome').classList.toggle('bad', bad)
}

function showNotes(board) {
  const text = JSON.stringify(board)
  if (text === lastNotes) return
  lastNotes = text
  const rows = board.toReversed().map(({ text, at }) => {
    const row = document.createElement('li')
    const time = document.createElement('time')
    const date = new Date(at)
    time.dateTime = date.toISOString()
    time.textContent = date.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    row.append(text, time)
    return row
  })
  find('notes').replaceChildren(...rows)
}

const others = new BroadcastChannel('outrigger-demo')
others.onmessage = ({ data }) => forward(data)

function tell(sample) {
  show(sample)
  dispatchEvent(new CustomEvent('demo-sample', { detail: sample }))
  others.postMessage(sample)
  forward(sample)
}

/** The panel shows this page in a frame and names its own port in the address. */
function forward(sample) {
  const panel = Number(query.get('panel'))
  if (panel && parent !== window) parent.postMessage({ sample }, `${location.protocol}//${location.hostname}:${panel}`)
}

const bars = 60
for (let i = 0; i < bars; i++) find('strip').append(document.createElement('i'))

function show({ server, ms }) {
  const mark = server ?? 'none'
  find('who').dataset.server = mark
  find('who').textContent = names[server] ?? 'failed'
  find('took').textContent = ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`
  const bar = find('strip').firstElementChild
  bar.dataset.server = mark
  // 1 ms to 10 s on four equal decades.
  bar.style.height = `${10 + 22.5 * Math.min(4, Math.log10(Math.max(1, ms)))}%`
  find('strip').append(bar)
}

find('form').addEventListener('submit', post)
const timer = setInterval(read, 1000 / readsPerSecond)
read()

/** For `--check`: how many reads have no end yet. */
globalThis.pending = () => inFlight

/** … and no more reads; resolves when all have ended. */
globalThis.pause = async () => {
  clearInterval(timer)
  while (inFlight > 0) await new Promise(resolve => setTimeout(resolve, 20))
}
