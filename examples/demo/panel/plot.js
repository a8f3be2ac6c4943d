import uPlot from './uPlot.esm.js'

/** How much time the plot shows, in seconds. */
const span = 60

/** @type {{ at: number, ms: number, server: number | null, ok: boolean }[]} */
let samples = []

export function count(sample) {
  samples.push(sample)
}

/** Draws every sample of the last minute as a point, one colour for each server, four times a second. */
export function draw(box, legend, servers) {
  const dark = matchMedia('(prefers-color-scheme: dark)')
  let plot = make(box, servers)
  // A canvas knows no custom properties: new colours need a new plot.
  dark.addEventListener('change', () => {
    plot.destroy()
    plot = make(box, servers)
  })
  new ResizeObserver(() => plot.setSize(sizeOf(box))).observe(box)
  const rows = [...servers.map(({ name }) => name), 'Failed'].map((name, index) => {
    const row = document.createElement('li')
    row.className = index === servers.length ? 'dot cross' : 'dot'
    row.style.setProperty('--dot', index === servers.length ? 'var(--failed)' : `var(--server-${index})`)
    legend.append(row)
    return { row, name }
  })
  setInterval(() => {
    const now = Date.now() / 1000
    samples = samples.filter(({ at }) => at / 1000 > now - span - 5).sort((a, b) => a.at - b.at)
    plot.setData(columns(servers.length), false)
    plot.setScale('x', { min: now - span, max: now })
    const seen = samples.filter(({ at }) => at / 1000 > now - span)
    for (const [index, { row, name }] of rows.entries()) {
      const mine = seen.filter(({ server, ok }) => (index === servers.length ? !ok : ok && server === index))
      row.textContent = `${name}: ${mine.length}${mine.length ? `, median ${inWords(median(mine))}` : ''}`
    }
  }, 250)
}

function columns(count) {
  const column = wanted => samples.map(sample => (wanted(sample) ? Math.max(1, sample.ms) : null))
  return [
    samples.map(({ at }) => at / 1000),
    ...Array.from({ length: count }, (_, index) => column(({ ok, server }) => ok && server === index)),
    column(({ ok }) => !ok),
  ]
}

function make(box, servers) {
  const style = getComputedStyle(box)
  // `light-dark()` is resolved for real properties alone, not for custom ones.
  const colour = name => {
    box.style.color = `var(${name})`
    const value = getComputedStyle(box).color
    box.style.color = ''
    return value
  }
  const quiet = colour('--quiet')
  const line = colour('--line')
  const axis = {
    stroke: quiet,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
    font: `12px ${style.fontFamily}`,
  }
  const points = (name, size) => ({
    paths: () => null,
    stroke: colour(name),
    points: { show: true, size, width: 0, fill: colour(name) },
  })
  const options = {
    ...sizeOf(box),
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 12, 0, 0],
    scales: { x: { time: true, auto: false }, y: { distr: 3, range: [1, 15_000] } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map(clock), space: 80, size: 28 },
      {
        ...axis,
        splits: () => [1, 10, 100, 1_000, 10_000],
        filter: (_, ticks) => ticks,
        values: (_, ticks) => ticks.map(inWords),
        size: 58,
      },
    ],
    series: [{}, ...servers.map((_, index) => points(`--server-${index}`, 5)), points('--failed', 10)],
  }
  return new uPlot(options, columns(servers.length), box)
}

function sizeOf(box) {
  return { width: box.clientWidth, height: box.clientHeight }
}

function clock(seconds) {
  return new Date(seconds * 1000).toLocaleTimeString([], {
    hourCycle: 'h23',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  })
}

function inWords(ms) {
  return ms >= 1_000 ? `${+(ms / 1_000).toFixed(1)} s` : `${Math.round(ms)} ms`
}

function median(list) {
  return list.map(({ ms }) => ms).sort((a, b) => a - b)[list.length >> 1]
}
