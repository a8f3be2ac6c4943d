import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type ChildScript, createFarm, type Farm } from './farm.ts'
import { type Panel, startPanel } from './panel-server.ts'

export interface DemoOptions {
  /** Base port: four servers from here on, the panel on the fifth. */
  port: number
  script: ChildScript
  /** Folder of the built files; the demo's pages are in or beside it. */
  dist: string
  /** Numbers for the list's `defaults`. Default: none, so the package's own. */
  defaults?: Record<string, number>
}

export interface Demo {
  farm: Farm
  panel: Panel
  appUrl: string
  close(): Promise<void>
}

const host = '127.0.0.1'
const serverCount = 4

const firstNotes = ['Break server A and keep an eye on the times.', 'Every note is on all servers.']

/**
 * Starts the demo: a primary, three mirrors and the panel.
 *
 * @throws when a port is taken, with its number and what to do in the message.
 */
export async function startDemo({ port, script, dist, defaults }: DemoOptions): Promise<Demo> {
  const pages = folderWith('app/app.js', join(dist, 'demo'), join(dist, '../examples/demo'))
  const plotter = folderWith('uPlot.esm.js', join(dist, 'demo/panel'), join(dist, '../node_modules/uplot/dist'))
  folderWith('outrigger.js', dist)
  let panel: Panel | undefined
  const farm = await createFarm({
    ports: Array.from({ length: serverCount }, (_, index) => port + index),
    host,
    files: [join(pages, 'app'), dist],
    list: defaults ? { defaults } : {},
    onChange: () => panel?.announce(),
    script,
  }).catch(explainPort)
  farm.board.push(...firstNotes.map((text, index) => ({ id: `first-${index}`, text, at: Date.now() })))
  try {
    panel = await startPanel({ host, port: port + serverCount, files: [join(pages, 'panel'), plotter], farm })
  } catch (error) {
    await farm.close()
    return explainPort(error)
  }
  const opened = panel
  return {
    farm,
    panel: opened,
    appUrl: `${farm.primary.url}/`,
    close: async () => {
      await Promise.all([farm.close(), opened.close()])
    },
  }
}

function folderWith(file: string, ...folders: string[]): string {
  const found = folders.find(folder => existsSync(join(folder, file)))
  if (!found) throw new Error(`${file} is missing; looked in ${folders.join(' and ')}. \`npm run build\` makes it.`)
  return found
}

function explainPort(error: unknown): never {
  const { code, port, message } = error as { code?: string; port?: number; message: string }
  if (code === 'EADDRINUSE') {
    throw new Error(
      `Port ${port} is taken. Choose another base port by --port, for example --port 9080: it and the four after it are used.`,
    )
  }
  if (code === 'EACCES')
    throw new Error(`Port ${port} may not be used here (${message}). Choose a higher one by --port.`)
  throw error
}
