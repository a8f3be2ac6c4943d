export type EngineName = 'chromium' | 'firefox' | 'webkit'
export const engineNames: EngineName[]
/** The path of a Firefox: `FIREFOX_PATH`, else one of the system. Throws with the command that installs one. */
export function findFirefox(): string
/** The programs that WebKit takes. Throws with the command that installs them. */
export function findWebkit(): { driver: string; miniBrowser: string; xvfb: string }
/** Finds an engine, or installs it where that needs no question: on Debian, as root. Throws with the command to run. */
export function findOrInstall(engine: EngineName, say?: (line: string) => void): Promise<void>
