import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { runFaultyServer } from './node/faulty-server.ts'

const own = fileURLToPath(import.meta.url)
const dist = dirname(own)

const help = `Usage: outrigger <command> [options]

Commands:
  demo       four servers, a small app, and a panel to break the servers

Options:
  --help     this text; after a command, its own
  --version  the version of this package
`

const demoHelp = `Usage: outrigger demo [--port <number>] [--check]

Starts a primary and three mirrors as processes of their own, a small app on the
primary, and a panel to kill, hang, slow and corrupt each of them. Everything
listens on 127.0.0.1 alone.

Options:
  --port <number>  base port: four servers from here on, the panel on the fifth (default 8080)
  --check          run the whole story in a headless browser; ends with one line and, on
                   failure, a non-zero exit
  --help           this text
`

async function main([command, ...rest]: string[]): Promise<number> {
  if (command === '--version') {
    const text = readFileSync(join(dist, '../package.json'), 'utf8')
    console.log((JSON.parse(text) as { version: string }).version)
    return 0
  }
  if (command === undefined || command === '--help' || command === 'help') {
    console.log(help)
    return command === undefined ? 1 : 0
  }
  if (command === 'demo') return demo(rest)
  console.error(`There is no command \`${command}\`. There is: demo. \`outrigger --help\` says more.`)
  return 1
}

async function demo(args: string[]): Promise<number> {
  const values = readOptions(args)
  if (values.help) {
    console.log(demoHelp)
    return 0
  }
  const port = Number(values.port ?? 8080)
  if (!Number.isInteger(port) || port < 1 || port > 65_531) {
    throw new Error(`--port must be a whole number from 1 to 65531, not ${values.port}.`)
  }
  const { startDemo } = await import('./node/demo.ts')
  const script = { file: own }
  if (values.check) {
    const { checkDefaults, checkDemo } = await import('./node/demo-check.ts')
    const running = await startDemo({ port, script, dist, defaults: checkDefaults })
    const ended = endOnSignal(running.close)
    const result = await Promise.race([checkDemo(running, console.log), ended]).finally(running.close)
    if (!result) return 130
    for (const complaint of result.complaints) console.log(`  ${complaint}`)
    const passed = result.failed === 0 && result.complaints.length === 0 && result.requests > 0
    console.log(`check ${passed ? 'passed' : 'failed'}: ${result.requests} requests, ${result.failed} failed`)
    return passed ? 0 : 1
  }
  const running = await startDemo({ port, script, dist })
  console.log(`The panel:  ${running.panel.url}/`)
  console.log(`The app:    ${running.appUrl}`)
  console.log('Ctrl-C ends both.')
  await endOnSignal(running.close)
  return 0
}

function readOptions(args: string[]) {
  try {
    const options = { port: { type: 'string' }, check: { type: 'boolean' }, help: { type: 'boolean' } } as const
    return parseArgs({ args, options }).values
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\`outrigger demo --help\` lists the options.`)
  }
}

function endOnSignal(close: () => Promise<void>): Promise<undefined> {
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => void close().then(() => resolve(undefined)))
    }
  })
}

// The demo's servers run this same file.
if (!runFaultyServer()) {
  main(process.argv.slice(2)).then(
    code => process.exit(code),
    (error: Error) => {
      console.error(error.message)
      process.exit(1)
    },
  )
}
