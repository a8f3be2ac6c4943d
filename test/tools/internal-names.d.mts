/** Names of fields and methods that never leave the file they are built into. */
export const internalNames: readonly string[]
