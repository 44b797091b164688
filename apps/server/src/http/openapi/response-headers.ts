/** The response headers that a client can act on, as the OpenAPI document describes them. */
export const RESPONSE_HEADERS = {
  Allow: {
    description: 'The methods that this path supports.',
    required: true,
    schema: { type: 'string', examples: ['DELETE, GET, HEAD, PATCH'] },
  },
  ETag: {
    description:
      'The entity tag: of a message its version, for `If-Match`; of a list another one after every visible change, for `If-None-Match`.',
    required: true,
    schema: { type: 'string', pattern: '^"[!#-~]+"$', examples: ['"2"'] },
  },
  'Gitmsg-Position': {
    description:
      'A place of the feed. What the response shows is at least that new: who reads `GET /changes` after it misses nothing.',
    required: true,
    schema: { type: 'string', pattern: '^[0-9a-zA-Z_-]+:[0-9]+$', examples: ['5f2b7c1e3d2a4a55:1234'] },
  },
  Link: {
    description:
      'The URL of the next page (RFC 8288), relative to the URL of this one. Absent on the last page.',
    schema: {
      type: 'string',
      pattern: '^<?[^>]*>; rel="next"$',
      examples: ['<?before=51>; rel="next"'],
    },
  },
  Location: {
    description:
      'The URL of the message, relative to the URL of the request; of a sign-in the provider, and then the page with a secret in the fragment.',
    required: true,
    schema: {
      type: 'string',
      pattern: String.raw`^(?:(?:messages/)?[1-9][0-9]*|https?://.*|\.\./\.\./#gitmsg[is]_[\w-]{43})$`,
      examples: ['messages/1'],
    },
  },
  RateLimit: {
    description:
      'What is left (`r`) of the policy that binds, and the seconds until its quota is whole again (`t`). Only if the server limits the rate.',
    schema: { type: 'string', pattern: '^"[a-z-]+";r=[0-9]+;t=[0-9]+$', examples: ['"default";r=59;t=1'] },
  },
  'RateLimit-Policy': {
    description:
      'The policy that binds: its quota (`q`) in this many seconds (`w`). `default` counts requests, `post` and `change` messages, `slow` those of a topic, `daily` those of a day, `sign-in` and `sign-in-peer` attempts. Only if the server limits the rate.',
    schema: { type: 'string', pattern: '^"[a-z-]+";q=[0-9]+;w=[0-9]+$', examples: ['"default";q=60;w=1'] },
  },
  'Retry-After': {
    description: 'Seconds to wait before trying again.',
    required: true,
    schema: { type: 'string', pattern: '^[0-9]+$', examples: ['1'] },
  },
  'Set-Cookie': {
    description: 'Binds a sign-in at the identity provider to this browser. It proves no session.',
    required: true,
    schema: {
      type: 'string',
      pattern: '^(?:__Host-)?gitmsg-sign-in=',
      examples: [
        'gitmsg-sign-in=t6k2zq.secret; Max-Age=600; Path=/auth/oidc/callback; HttpOnly; SameSite=Lax',
      ],
    },
  },
  'WWW-Authenticate': {
    description:
      'What is wrong with the access token (RFC 6750). Absent if the token is accepted but the sender or the origin is not.',
    schema: { type: 'string', pattern: '^Bearer realm="gitmsg"', examples: ['Bearer realm="gitmsg"'] },
  },
  'X-Request-Id': {
    description: 'The id of this request in the server log.',
    required: true,
    schema: { type: 'string', format: 'uuid' },
  },
} as const

/** A response header that the OpenAPI document describes. */
export type HeaderName = keyof typeof RESPONSE_HEADERS

const COMMON_HEADERS: readonly HeaderName[] = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy']

/** References to the headers of a response, beside those that every response has. */
export function headerReferences(headers: readonly HeaderName[] = []): Record<string, object> {
  const names = [...COMMON_HEADERS, ...headers]
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}
