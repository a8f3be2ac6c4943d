/** Gives the variables of a built classic script the names that gzip packs best, each as long as it was. */
export function renameBindings(code: string, steps: number): string
