import { execFile } from 'node:child_process'
import { build } from 'vite'
import { beforeAll, expect, test } from 'vitest'

// Inside the checkout, where the bundled command finds its package.json.
const outDir = 'node_modules/.cache/outrigger/cli/dist'

beforeAll(async () => {
  await build({
    configFile: false,
    logLevel: 'error',
    build: { ssr: 'src/cli.ts', outDir, emptyOutDir: true, rolldownOptions: { output: { entryFileNames: 'cli.js' } } },
  })
})

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    const child = execFile(process.execPath, [`${outDir}/cli.js`, ...args], (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    )
  })
}

test('--help lists the commands, and each command has its own', async () => {
  expect(await run('--help')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Usage: .*\n[\s\S]* demo /) })
  expect(await run('demo', '--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--check') })
})

test('an unknown command is answered by the list of what there is', async () => {
  expect(await run('doctor')).toMatchObject({ code: 1, stderr: expect.stringContaining('There is: demo.') })
})

test.each([
  [['--prot', '1'], /--prot.*\n.*outrigger demo --help/],
  [['--port', 'x'], /--port must be a whole number/],
  [['--port', '70000'], /--port must be a whole number/],
])('demo %j is refused', async (args, message) => {
  expect(await run('demo', ...args)).toMatchObject({ code: 1, stderr: expect.stringMatching(message) })
})

test('without a command the help is an error', async () => {
  expect((await run()).code).toBe(1)
})

test('the demo says what is missing when nothing was built', async () => {
  const { code, stderr } = await run('demo', '--port', '19080')
  expect(code).toBe(1)
  expect(stderr).toMatch(/npm run build/)
})
