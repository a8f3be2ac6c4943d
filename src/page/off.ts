const KEY = 'outrigger'

/**
 * True if this session switched us off: `?outrigger=off` in the URL, remembered in `storage` until
 * `?outrigger=on`. Without storage (blocked) only the URL counts.
 */
export function isSwitchedOff(
  search: string,
  storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> | undefined,
) {
  const wish = new URLSearchParams(search).get('outrigger')
  try {
    if (wish === 'off') storage?.setItem(KEY, 'off')
    if (wish === 'on') storage?.removeItem(KEY)
    return wish === 'off' || (wish !== 'on' && storage?.getItem(KEY) === 'off')
  } catch {
    return wish === 'off'
  }
}

/** `sessionStorage`, or nothing where the mere look at it throws. */
export function sessionMemory(): Storage | undefined {
  try {
    return window.sessionStorage
  } catch {
    return undefined
  }
}
