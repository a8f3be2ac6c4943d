// Finds a browser or installs one; run as a script it prints the path.
import { pathToFileURL } from 'node:url'
import { findOrInstallBrowser } from '../../src/node/find-browser.mjs'

export { findBrowser, findOrInstallBrowser } from '../../src/node/find-browser.mjs'

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  try {
    console.log(await findOrInstallBrowser(line => console.error(line)))
  } catch (error) {
    console.error(error.message)
    process.exit(1)
  }
}
