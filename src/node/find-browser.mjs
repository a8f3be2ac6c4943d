// Plain JavaScript, so that it runs before anything is built.
import { execFileSync, spawnSync } from 'node:child_process'
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge']

const elsewhere = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
]

/**
 * The path of a Chromium or Chrome: `CHROME_PATH`, then Puppeteer's own, then one of the system.
 *
 * @returns {Promise<string | undefined>}
 */
export async function findBrowser() {
  const { CHROME_PATH } = process.env
  if (CHROME_PATH) {
    if (runs(CHROME_PATH)) return CHROME_PATH
    throw new Error(`CHROME_PATH is ${CHROME_PATH}, but there is nothing that can be run. Correct it or unset it.`)
  }
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  const inPath = names.flatMap(name => folders.map(folder => join(folder, name)))
  return [await puppeteersOwn(), ...inPath, ...elsewhere].find(file => file && runs(file))
}

/**
 * Finds a browser, or installs one where that needs no question: on Debian, as root.
 *
 * @param {(line: string) => void} [say] hears what is being done
 * @returns {Promise<string>}
 * @throws when there is none and none can be installed; the message holds the command that does it.
 */
export async function findOrInstallBrowser(say = () => {}) {
  const found = await findBrowser()
  if (found) return found
  if (isDebian() && process.getuid?.() === 0) {
    say('no browser found; installing chromium by apt-get')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
      // All output goes to the error stream: the caller's own may be read by a program.
      const { status } = spawnSync('apt-get', ['-q', ...args], { stdio: ['ignore', 2, 2], env })
      if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed with status ${status}.`)
    }
    const installed = await findBrowser()
    if (installed) return installed
  }
  const command = isDebian() ? 'sudo apt-get install -y chromium' : 'npx puppeteer browsers install chrome'
  throw new Error(
    `No Chromium or Chrome was found. Install one by: ${command}\nOr name yours: CHROME_PATH=/path/to/chrome`,
  )
}

/** @returns {Promise<string | undefined>} */
async function puppeteersOwn() {
  try {
    const { default: puppeteer } = await import('puppeteer')
    return await puppeteer.executablePath()
  } catch {
    return undefined
  }
}

/** @param {string} file */
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

/** Version line of a browser, for reports. @param {string} file */
export function browserVersion(file) {
  return execFileSync(file, ['--version', '--no-sandbox'], { encoding: 'utf8' }).trim()
}
