// Plain JavaScript, so that it runs before anything is built.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findOrInstallBrowser } from '../../../src/node/find-browser.mjs'

export const engineNames = ['chromium', 'firefox', 'webkit']

/** What Debian calls that which each engine takes. */
const packages = { firefox: ['firefox-esr'], webkit: ['webkit2gtk-driver', 'xvfb'] }

export function findFirefox() {
  return find('firefox', 'FIREFOX_PATH', inPath('firefox-esr', 'firefox'), [
    '/Applications/Firefox.app/Contents/MacOS/firefox',
    'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
  ])
}

export function findWebkit() {
  return {
    driver: find('webkit', 'WEBKIT_DRIVER_PATH', inPath('WebKitWebDriver')),
    miniBrowser: find('webkit', 'MINIBROWSER_PATH', inPath('MiniBrowser'), besideWebkit()),
    xvfb: find('webkit', 'XVFB_PATH', inPath('Xvfb')),
  }
}

export async function findOrInstall(engine, say = () => {}) {
  if (engine === 'chromium') return void (await findOrInstallBrowser(say))
  const look = engine === 'firefox' ? findFirefox : findWebkit
  try {
    look()
  } catch (error) {
    if (!isDebian() || process.getuid?.() !== 0) throw error
    say(`no ${engine} found; installing ${packages[engine].join(' ')} by apt-get`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages[engine]]]) {
      const { status } = spawnSync('apt-get', ['-q', ...args], { stdio: ['ignore', 2, 2], env })
      if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed with status ${status}.`)
    }
    look()
  }
}

function find(engine, variable, ...places) {
  const named = process.env[variable]
  if (named && !runs(named)) throw new Error(`${variable} is ${named}, but there is nothing that can be run.`)
  const found = named ?? places.flat().find(runs)
  if (found) return found
  const command = `sudo apt-get install -y ${packages[engine].join(' ')}`
  throw new Error(`${engine} was not found whole. On Debian: ${command}\nOr name yours: ${variable}=/path/to/it`)
}

function inPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return names.flatMap(name => folders.map(folder => join(folder, name)))
}

/** WebKitGTK keeps MiniBrowser among its libraries: /usr/lib/x86_64-linux-gnu/webkit2gtk-4.1. */
function besideWebkit() {
  return foldersIn('/usr/lib').flatMap(folder =>
    foldersIn(folder)
      .filter(name => name.includes('/webkit2gtk-'))
      .map(name => join(name, 'MiniBrowser')),
  )
}

function foldersIn(folder) {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.filter(entry => entry.isDirectory()).map(({ name }) => join(folder, name))
  } catch {
    return []
  }
}

function runs(file) {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

function isDebian() {
  try {
    return process.platform === 'linux' && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  } catch {
    return false
  }
}
