export interface Tally {
  tally: { sources: string; [name: string]: unknown }
  save(): void
}
export function openTally(file: string, empty: Record<string, unknown>, again?: boolean): Tally
