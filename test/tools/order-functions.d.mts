/** Puts the functions of a built classic script into an order that gzip packs better, and its source map along. */
export function orderFunctions(code: string, mappings: string, steps: number): { code: string; mappings: string }
