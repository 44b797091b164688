/** Exchanges and frames are meant to be read and shared, so they never show a secret. */
export const MASK = '•••'

/** The fields of bodies that are secrets; `link` leads to the page with one in its fragment. */
const SECRET_FIELD = /"(?:token|link|identity|password|current_password|new_password)"\s*:\s*"/

/** The JSON of a body with the values of its secret fields masked; any other text as it is. */
export function maskSecrets<Body extends string | null>(body: Body): Body | string {
  if (body === null || !SECRET_FIELD.test(body)) return body
  try {
    return JSON.stringify(JSON.parse(body), maskField)
  } catch {
    return body
  }
}

function maskField(name: string, value: unknown): unknown {
  const isSecret = typeof value === 'string' && SECRET_FIELD.test(`${JSON.stringify(name)}:"`)
  return isSecret ? MASK : value
}
