import { isBodiless } from './bodiless.ts'

/** What a response tells of its origin; one made by hand tells nothing. */
export type Looks = Pick<Response, 'url' | 'type' | 'redirected'>

/** The same response over another body, with its own looks. */
export function remake(response: Response, body: BodyInit | null): Response {
  return lookLike(new Response(isBodiless(response.status) ? null : body, response), response)
}

/** Gives a response, and its clones, the looks of another. */
export function lookLike(response: Response, { url, type, redirected }: Looks): Response {
  return Object.defineProperties(response, {
    url: { value: url },
    type: { value: type },
    redirected: { value: redirected },
    clone: { value: () => lookLike(Response.prototype.clone.call(response), { url, type, redirected }) },
  })
}
