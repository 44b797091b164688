/** The headers of answers that a client can act on, as the OpenAPI document describes them. */
export const ANSWER_HEADERS = {
  Allow: {
    description: 'The methods that there are.',
    required: true,
    schema: { type: 'string', examples: ['GET, HEAD, POST'] },
  },
  Link: {
    description: 'RFC 8288: the address of the next page, where there is one.',
    schema: {
      type: 'string',
      pattern: '^</[^>]*>; rel="next"$',
      examples: ['</messages?before=51>; rel="next"'],
    },
  },
  Location: {
    description: 'The address of the message.',
    required: true,
    schema: { type: 'string', pattern: '^/messages/[1-9][0-9]*$', examples: ['/messages/1'] },
  },
  RateLimit: {
    description: 'Where a rate limit is set: what is left (`r`), and for how many seconds (`t`).',
    schema: { type: 'string', pattern: '^"default";r=[0-9]+;t=[0-9]+$', examples: ['"default";r=59;t=1'] },
  },
  'RateLimit-Policy': {
    description: 'Where a rate limit is set: so many requests (`q`) in so many seconds (`w`).',
    schema: { type: 'string', pattern: '^"default";q=[0-9]+;w=[0-9]+$', examples: ['"default";q=60;w=1'] },
  },
  'Retry-After': {
    description: 'Seconds until it makes sense to try again.',
    required: true,
    schema: { type: 'string', pattern: '^[0-9]+$', examples: ['1'] },
  },
  'WWW-Authenticate': {
    description:
      'RFC 6750: which token would do. Not where the token is good but the message or the page is not.',
    schema: { type: 'string', pattern: '^Bearer realm="gitmsg"', examples: ['Bearer realm="gitmsg"'] },
  },
  'X-Request-Id': {
    description: "The request's id in the server's log.",
    required: true,
    schema: { type: 'string', format: 'uuid' },
  },
} as const

export type HeaderName = keyof typeof ANSWER_HEADERS

/** Those of every answer. */
const ALWAYS: readonly HeaderName[] = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy']

/** Those of errors with a status. */
const BY_STATUS: Readonly<Record<number, readonly HeaderName[]>> = {
  401: ['WWW-Authenticate'],
  403: ['WWW-Authenticate'],
  405: ['Allow'],
  429: ['Retry-After'],
  503: ['Retry-After'],
  507: ['Retry-After'],
}

/** References to the headers of an answer. */
export function headersOf(status: number, more: readonly HeaderName[] = []): Record<string, object> {
  const names = [...ALWAYS, ...(BY_STATUS[status] ?? []), ...more]
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}
