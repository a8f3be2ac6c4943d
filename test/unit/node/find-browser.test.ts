import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outrigger-path-'))
  for (const name of ['sh', 'cp', 'echo', 'chmod']) {
    symlinkSync(execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(), join(folder, name))
  }
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the script where nothing but the folder's programs can be found. */
function run(env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['test/support/browser.mjs'], {
    encoding: 'utf8',
    env: { PATH: folder, HOME: folder, PUPPETEER_CACHE_DIR: folder, ...env },
  })
  return { status, stdout: stdout.trim(), stderr }
}

function program(name: string, script: string): string {
  const file = join(folder, name)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
  return file
}

const installs = process.getuid?.() === 0 && /^ID=debian$/m.test(readOsRelease())

function readOsRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    return ''
  }
}

test('the browser that CHROME_PATH names comes first', () => {
  const mine = program('my-browser', '')
  program('chromium', '')
  expect(run({ CHROME_PATH: mine }).stdout).toBe(mine)
})

test('a CHROME_PATH that leads nowhere is said', () => {
  const { status, stderr } = run({ CHROME_PATH: '/no/such/browser' })
  expect(status).toBe(1)
  expect(stderr).toMatch('CHROME_PATH is /no/such/browser')
})

test('a browser of the system is found', () => {
  const chromium = program('chromium', '')
  expect(run()).toMatchObject({ status: 0, stdout: chromium })
})

test.runIf(installs)('on Debian, as root, one is installed where there is none', () => {
  program('apt-get', `[ "$2" = install ] && cp "${program('template', '')}" "${folder}/chromium"\n exit 0`)
  const { status, stdout, stderr } = run()
  expect({ status, stdout }).toEqual({ status: 0, stdout: join(folder, 'chromium') })
  expect(stderr).toMatch('installing chromium')
})

test.runIf(installs)('an installation that fails is said', () => {
  program('apt-get', 'exit 100')
  expect(run()).toMatchObject({ status: 1, stderr: expect.stringMatching('apt-get update failed with status 100') })
})

test.skipIf(installs)('where none may be installed, the command is named', () => {
  const { status, stderr } = run()
  expect(status).toBe(1)
  expect(stderr).toMatch(/Install one by: /)
})
