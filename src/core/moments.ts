/** Whether `at` lies within the last `ms`. A moment in the future was noted before the clock was set back: it says nothing. */
export function isWithin(at: number, ms: number, now: number): boolean {
  return at <= now && now - at < ms
}
