/**
 * What a page can still notice, in the words of the README, which lists exactly these. Each is the reason of at
 * least one exception in a case.
 */
export const notices = {
  'unexposed headers':
    'Of a mirror’s answer the page sees only the headers that CORS lets it see: name yours in `Access-Control-Expose-Headers`.',
} as const

export type Notice = keyof typeof notices
