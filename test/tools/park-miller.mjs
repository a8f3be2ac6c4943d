/** Park and Miller's generator, the same numbers every time: any would do. */
export function seeded() {
  let state = 1
  return () => {
    state = (state * 48_271) % 2_147_483_647
    return state / 2_147_483_647
  }
}
