/** Names of fields and methods that never leave the file they are built into. */
export const internalNames: readonly string[]

/** The same for the worker, which is one file. */
export declare const workerNames: readonly string[]
