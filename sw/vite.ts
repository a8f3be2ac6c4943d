/** True for requests that only a page of Vite's development server makes. */
export function isViteRequest({ pathname }: URL): boolean {
  return /^\/@(vite|react)/.test(pathname)
}

/** What Vite's development server writes into every page. */
export const VITE_CLIENT = '/@vite/client'
