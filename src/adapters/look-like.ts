/** What a response tells of its origin; one made by hand tells nothing. */
export type Looks = Pick<Response, 'url' | 'type' | 'redirected'>

/** The same response over another body, or with other looks. */
export function remake(response: Response, body: BodyInit | null, looks: Looks): Response {
  return lookLike(new Response([204, 205, 304].includes(response.status) ? null : body, response), looks)
}

/** Gives a made response, and its clones, the looks of another. */
function lookLike(response: Response, { url, type, redirected }: Looks): Response {
  return Object.defineProperties(response, {
    url: { value: url },
    type: { value: type },
    redirected: { value: redirected },
    clone: { value: () => lookLike(Response.prototype.clone.call(response), { url, type, redirected }) },
  })
}
