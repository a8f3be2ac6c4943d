/** Answers with such a status never have a body. */
export function isBodiless(status: number): boolean {
  return [204, 205, 304].includes(status)
}
