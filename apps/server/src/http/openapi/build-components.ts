import { inputJsonSchemas, type JsonSchema } from '@gitmsg/core'
import { z } from 'zod'
import { ACCOUNT_BODIES } from './accounts/account-schemas.js'
import {
  buildErrorExamples,
  buildErrorResponse,
  COMMON_ERRORS,
  errorResponseName,
  groupByStatus,
} from './error-responses.js'
import { RESPONSE_HEADERS } from './response-headers.js'
import { API_SCHEMAS } from './schemas.js'

/** The `components` of the OpenAPI document. */
export interface Components {
  readonly schemas: Readonly<Record<string, JsonSchema>>
  readonly [kind: string]: object
}

/** Everything that the operations refer to. */
export function buildComponents(): Components {
  const { message, changes } = inputJsonSchemas()
  return {
    schemas: { NewMessage: message, MessageChanges: changes, ...buildSchemas() },
    headers: RESPONSE_HEADERS,
    responses: buildResponses(),
    examples: buildErrorExamples(),
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        description:
          'An access token created with `gitmsg token create`, or a session of an account. Each endpoint names the scope that the token needs. With `GITMSG_PUBLIC_READ=on`, messages can be read without one. A server without tokens and accounts listens on loopback only and needs none.',
      },
    },
  }
}

function buildSchemas(): Record<string, JsonSchema> {
  const names = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries({ ...API_SCHEMAS, ...ACCOUNT_BODIES })) names.add(schema, { id })
  const { schemas } = z.toJSONSchema(names, { uri: (id) => `#/components/schemas/${id}` })
  return Object.fromEntries(
    // They are parts of one document, so they need no ids of their own.
    Object.entries(schemas).map(([name, { $id, $schema, ...schema }]) => [name, schema]),
  )
}

/** The responses that all endpoints share, and those of requests that reach no endpoint. */
function buildResponses(): Record<string, object> {
  const shared = groupByStatus([...COMMON_ERRORS, 'not_found', 'method_not_allowed'])
  return Object.fromEntries(
    shared.map(([status, codes]) => [errorResponseName(status), buildErrorResponse(status, codes)]),
  )
}
