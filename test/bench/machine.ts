import { cpus, loadavg, release, type } from 'node:os'

/** On what, with what and when something was measured. */
export interface Machine {
  date: string
  cpu: string
  cores: number
  system: string
  node: string
  engine: string
  /** Load average of the minute before: with others at work, figures are provisional. */
  load: number
}

export function machine(engine: string): Machine {
  const all = cpus()
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: all[0]?.model.trim() ?? 'unknown processor',
    cores: all.length,
    system: `${type()} ${release().split('-')[0]}`,
    node: process.version,
    engine: engine.replace(/^(Headless)?./, start => start.slice(-1).toUpperCase()),
    load: loadavg()[0] ?? 0,
  }
}

export function inWords({ date, cpu, cores, system, node, engine, load }: Machine): string {
  const busy = load > cores / 2 ? `, in use (load ${load.toFixed(1)})` : ''
  return `${date}, ${engine}, Node ${node}, ${cores} cores of ${cpu}, ${system}${busy}`
}
