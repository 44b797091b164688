import { inputJsonSchemas, type JsonSchema } from '@gitmsg/core'
import { z } from 'zod'
import type { ErrorStatus } from '../errors.js'
import { API_SCHEMAS } from './schemas.js'
import { ANSWER_HEADERS } from './response-headers.js'
import { buildErrorExamples, buildRefusal, refusalName } from './error-responses.js'
import { EVERY_CALL } from './common-refusals.js'

export interface Components {
  readonly schemas: Readonly<Record<string, JsonSchema>>
  readonly [kind: string]: object
}

/** What the operations refer to. */
export function buildComponents(): Components {
  return {
    schemas: { NewMessage: inputJsonSchemas().message, ...buildSchemas() },
    headers: ANSWER_HEADERS,
    responses: buildResponses(),
    examples: buildErrorExamples(),
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        description:
          'A token made with `gitmsg token create`; a call names the scope that its token must have. A server without tokens, which listens on loopback only, needs none.',
      },
    },
  }
}

function buildSchemas(): Record<string, JsonSchema> {
  const names = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(API_SCHEMAS)) names.add(schema, { id })
  const { schemas } = z.toJSONSchema(names, { uri: (id) => `#/components/schemas/${id}` })
  return Object.fromEntries(
    // They are parts of one document now.
    Object.entries(schemas).map(([name, { $id, $schema, ...schema }]) => [name, schema]),
  )
}

/** What all calls share, and what answers that no call gives. */
function buildResponses(): Record<string, object> {
  const shared = Object.entries({ ...EVERY_CALL, 404: ['not_found'], 405: ['method_not_allowed'] })
  return Object.fromEntries(
    shared.map(([key, codes]) => {
      const status = Number(key) as ErrorStatus
      return [refusalName(status), buildRefusal(status, codes)]
    }),
  )
}
