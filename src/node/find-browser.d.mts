/** The path of a Chromium or Chrome: `CHROME_PATH`, then Puppeteer's own, then one of the system. */
export function findBrowser(): Promise<string | undefined>
/** Finds a browser, or installs one where that needs no question: on Debian, as root. Throws with the command to run. */
export function findOrInstallBrowser(say?: (line: string) => void): Promise<string>
/** Version line of a browser, for reports. */
export function browserVersion(file: string): string
