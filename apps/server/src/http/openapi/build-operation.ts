import { headersOf } from './response-headers.js'
import { buildRefusal, refusalName } from './error-responses.js'
import { EVERY_CALL, refusalsOf } from './common-refusals.js'
import type { Operation } from './operation.js'

/** One call as an OpenAPI operation. */
export function buildOperation(operation: Operation): object {
  const { id, tag, summary, description, scope, parameters, body } = operation
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    ...(scope !== null && { security: [{ bearer: [scope] }] }),
    ...(parameters && { parameters }),
    ...(body && {
      requestBody: {
        description: 'At most 64 KiB, in UTF-8, not compressed.',
        required: true,
        content: { 'application/json': { schema: reference(body) } },
      },
    }),
    responses: { ...buildAnswer(operation), ...buildRefusals(operation) },
  }
}

function buildAnswer({ answer }: Operation): Record<string, object> {
  const { status, description, schema, type = 'application/json', headers } = answer
  return {
    [status]: {
      description,
      headers: headersOf(status, headers),
      content: { [type]: { schema: reference(schema) } },
    },
  }
}

function buildRefusals(operation: Operation): Record<string, object> {
  return Object.fromEntries(
    refusalsOf(operation).map(([status, codes]) => {
      const isCommon = codes.length === EVERY_CALL[status]?.length
      return [
        status,
        isCommon ? { $ref: `#/components/responses/${refusalName(status)}` } : buildRefusal(status, codes),
      ]
    }),
  )
}

const reference = (schema: string) => ({ $ref: `#/components/schemas/${schema}` })
